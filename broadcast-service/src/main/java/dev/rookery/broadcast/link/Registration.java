package dev.rookery.broadcast.link;

/// One subscription of a gateway. Its identity is the key in the index.
final class Registration {

    private final Link link;
    private final int handle;
    private final int weight;

    Registration(Link link, int handle, int weight) {
        this.link = link;
        this.handle = handle;
        this.weight = weight;
    }

    Link link() {
        return link;
    }

    int handle() {
        return handle;
    }

    int weight() {
        return weight;
    }
}
