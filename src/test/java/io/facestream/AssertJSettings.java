package io.facestream;

import org.assertj.core.configuration.Configuration;
import org.assertj.core.configuration.PreferredAssumptionException;

/**
 * What AssertJ is told in every class loader. JUnit 4 comes with a test server, and AssertJ 3.27 would throw its
 * exception where an assumption is not met: JUnit 6 takes that for an error, and skips nothing.
 */
public final class AssertJSettings extends Configuration {
    @Override
    public PreferredAssumptionException preferredAssumptionException() {
        return PreferredAssumptionException.JUNIT5;
    }
}
