#!/usr/bin/env bash
# What:      CloudEvents SQL (CESQL 1.0) in the SDKs for Go (sql/v2 2.16.2) and Java (4.0.1): the same filters on one
#            event, whose subject is 张伟 and whose extension "visitor" is Müller.
# Guess:     both do what the standard says: "_" stands for one character, and LENGTH, LEFT, RIGHT and SUBSTRING count
#            characters.
# Behaviour: Java does. Go counts bytes: the name 张伟 is 6 long, its LEFT of 1 is a third of a character and equals
#            nothing, and "_" has to be there three times for 伟 and twice for ü. There is no error.
# Matters:   a subscription that is right in Java's SDK selects nothing in a broker that is written in Go, or the other
#            way round, but for names without accents. Only "%" and whole names are the same in both.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > filters <<'TEXT'
subject LIKE '张%'
subject LIKE '张_'
subject LIKE '张___'
visitor LIKE 'M_ller'
visitor LIKE 'M__ller'
LENGTH(subject)
LEFT(subject, 1) = '张'
RIGHT(subject, 1) = '伟'
SUBSTRING(subject, 2) = '伟'
source LIKE '/cameras/d__r'
TEXT

cat > Filters.java <<'JAVA'
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.sql.EvaluationRuntime;
import io.cloudevents.sql.Parser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

class Filters {
    public static void main(String[] arguments) throws Exception {
        var event = CloudEventBuilder.v1().withId("1").withType("seen").withSource(URI.create("/cameras/door"))
                .withSubject("张伟").withExtension("visitor", "Müller").build();
        for (var filter : Files.readAllLines(Path.of("filters"))) {
            var result = Parser.parseDefault(filter).evaluate(EvaluationRuntime.getDefault(), event);
            System.out.println(result.value());
        }
    }
}
JAVA
cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.cloudevents</groupId><artifactId>cloudevents-core</artifactId><version>4.0.1</version>
    </dependency>
    <dependency>
      <groupId>io.cloudevents</groupId><artifactId>cloudevents-sql</artifactId><version>4.0.1</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > mvn.log 2>&1
java -Dfile.encoding=UTF-8 -cp 'lib/*' Filters.java > of-java

cat > main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/cloudevents/sdk-go/sql/v2/parser"
	cloudevents "github.com/cloudevents/sdk-go/v2"
)

func main() {
	event := cloudevents.NewEvent()
	event.SetID("1")
	event.SetType("seen")
	event.SetSource("/cameras/door")
	event.SetSubject("张伟")
	event.SetExtension("visitor", "Müller")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		filter, err := parser.Parse(lines.Text())
		if err != nil {
			panic(err)
		}
		value, err := filter.Evaluate(event)
		if err != nil {
			panic(err)
		}
		fmt.Println(value)
	}
}
GO
export GOFLAGS=-modcacherw GOPATH="$dir/go" GOCACHE="$dir/gocache"
go mod init finding > go.log 2>&1
go get github.com/cloudevents/sdk-go/sql/v2/parser@v2.16.2 github.com/cloudevents/sdk-go/v2@v2.16.2 >> go.log 2>&1
go build -o filter . >> go.log 2>&1
./filter < filters > of-go

cat > expected <<'TEXT'
subject LIKE '张%': Java true, Go true
subject LIKE '张_': Java true, Go false
subject LIKE '张___': Java false, Go true
visitor LIKE 'M_ller': Java true, Go false
visitor LIKE 'M__ller': Java false, Go true
LENGTH(subject): Java 2, Go 6
LEFT(subject, 1) = '张': Java true, Go false
RIGHT(subject, 1) = '伟': Java true, Go false
SUBSTRING(subject, 2) = '伟': Java true, Go false
source LIKE '/cameras/d__r': Java true, Go true
TEXT
echo "cloudevents-sql 4.0.1, sdk-go/sql/v2 2.16.2, $(go version)"
paste -d '|' filters of-java of-go | awk -F '|' '{ printf "%s: Java %s, Go %s\n", $1, $2, $3 }' | tee seen
if ! diff expected seen > /dev/null; then
    echo CHANGED
    exit 1
fi
echo "As described."
