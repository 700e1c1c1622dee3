package dev.rookery.load;

/// One kind of load, of a size that does not depend on the relay.
interface Scenario {

    String name();

    Measure run(Target target) throws Exception;
}
