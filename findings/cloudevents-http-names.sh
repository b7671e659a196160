#!/usr/bin/env bash
# What:      the HTTP binding (binary mode) in four SDKs of CloudEvents: io.cloudevents:cloudevents-http-basic 4.0.1
#            (Java), npm cloudevents 10.0.0, github.com/cloudevents/sdk-go/v2 2.16.2, and PyPI's cloudevents 2.2.0.
# Guess:     each writes an attribute beyond ASCII as the binding says (1.0.2, section 3.1.3.2: UTF-8, percent-encoded),
#            and reads what the others write.
# Behaviour: only Python's does. Those for Java, JavaScript and Go put the text into the header as it is, and take the
#            percent signs of an encoded one for the text. An event of JavaScript's SDK with such a subject cannot even
#            be sent by `fetch`, which refuses the header.
# Matters:   a webhook that follows the binding names the camera "Łódź 1" in ce-subject, and most receivers read
#            "%C5%81%C3%B3d%C5%BA%201". Take names from the body, or decode the attributes yourself; and encode them
#            before these SDKs send them.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir"
subject='Łódź 1'
encoded='%C5%81%C3%B3d%C5%BA%201'

mkdir java javascript go python

cat > java/pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.cloudevents</groupId><artifactId>cloudevents-http-basic</artifactId><version>4.0.1</version>
    </dependency>
  </dependencies>
</project>
POM
cat > java/Finding.java <<'JAVA'
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.http.HttpMessageFactory;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

public class Finding {
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        CloudEvent event = CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/cameras/1"))
                .withType("alert")
                .withSubject("\u0141\u00f3d\u017a 1")
                .withData("application/json", new byte[] {'{', '}'})
                .build();
        Map<String, String> headers = new TreeMap<>();
        HttpMessageFactory.createWriter(headers::put, body -> {}).writeBinary(event);
        out.println("java writes " + headers.get("ce-subject"));
        headers.put("ce-subject", args[0]);
        out.println("java reads " + HttpMessageFactory.createReader(headers::forEach, new byte[] {'{', '}'})
                .toEvent()
                .getSubject());
    }
}
JAVA

cat > javascript/finding.mjs <<'JS'
import { CloudEvent, HTTP } from 'cloudevents';
import { createServer } from 'node:http';

const [subject, encoded] = process.argv.slice(2);
const event = new CloudEvent({ id: '1', source: '/cameras/1', type: 'alert', subject, data: {} });
const message = HTTP.binary(event);
console.log('javascript writes', message.headers['ce-subject']);
const received = HTTP.toEvent({ headers: { ...message.headers, 'ce-subject': encoded }, body: message.body });
console.log('javascript reads', received.subject);

const server = createServer((request, response) => response.end()).listen(0, '127.0.0.1', async () => {
  const sent = await fetch(`http://127.0.0.1:${server.address().port}/`, {
    method: 'POST', headers: message.headers, body: message.body,
  }).then(() => 'sent', error => error.constructor.name);
  console.log('javascript sends', sent);
  server.closeAllConnections();
  server.close();
});
JS

cat > go/go.mod <<'MOD'
module finding

go 1.21

require github.com/cloudevents/sdk-go/v2 v2.16.2
MOD
cat > go/main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/cloudevents/sdk-go/v2/binding"
	protocol "github.com/cloudevents/sdk-go/v2/protocol/http"
)

func main() {
	event := cloudevents.NewEvent()
	event.SetID("1")
	event.SetSource("/cameras/1")
	event.SetType("alert")
	event.SetSubject(os.Args[1])
	if err := event.SetData("application/json", map[string]int{}); err != nil {
		panic(err)
	}
	request, err := http.NewRequest("POST", "http://localhost/", nil)
	if err != nil {
		panic(err)
	}
	background := context.Background()
	if err := protocol.WriteRequest(binding.WithForceBinary(background), binding.ToMessage(&event), request); err != nil {
		panic(err)
	}
	fmt.Println("go writes", request.Header.Get("ce-subject"))
	request.Header.Set("ce-subject", os.Args[2])
	received, err := binding.ToEvent(background, protocol.NewMessageFromHttpRequest(request))
	if err != nil {
		panic(err)
	}
	fmt.Println("go reads", received.Subject())
}
GO

cat > python/finding.py <<'PY'
import sys
from cloudevents.core.bindings.http import HTTPMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

sys.stdout.reconfigure(encoding="utf-8")
subject, encoded = sys.argv[1:]
event = CloudEvent({"id": "1", "source": "/cameras/1", "type": "alert", "subject": subject,
                    "datacontenttype": "application/json"}, {})
message = to_binary(event, JSONFormat())
print("python writes", message.headers["ce-subject"])
headers = {**message.headers, "ce-subject": encoded}
print("python reads", from_binary(HTTPMessage(headers, message.body), JSONFormat(), CloudEvent).get_subject())
PY

(cd java && mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath > maven.log &&
    java -cp "$(cat classpath)" Finding.java "$encoded") > said
(cd javascript && npm init --yes > npm.log && npm install --no-audit --no-fund cloudevents@10.0.0 >> npm.log 2>&1 &&
    node finding.mjs "$subject" "$encoded") >> said
(cd go && export GOFLAGS=-mod=mod GOPATH="$dir/gopath" && go mod tidy 2> go.log && go run . "$subject" "$encoded") >> said
(cd python && python3 -m venv env && env/bin/pip -q install cloudevents==2.2.0 &&
    env/bin/python finding.py "$subject" "$encoded") >> said
cat said

diff said - <<SAID
java writes $subject
java reads $encoded
javascript writes $subject
javascript reads $encoded
javascript sends TypeError
go writes $subject
go reads $encoded
python writes $encoded
python reads $subject
SAID
echo "as described: three of the four SDKs neither encode nor decode"
