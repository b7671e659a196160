package io.facestream.web.identify;

import io.facestream.embeddings.ActiveNetwork;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.util.ArrayList;
import java.util.List;

/** A decoder, a detector and the active network. Serves one thread at a time. */
public final class Eyes implements AutoCloseable {
    private final PictureDecoder decoder;
    private final FaceFinder finder;
    private final ActiveNetwork network;
    private final int maxFaces;
    private ActiveNetwork.Use use;

    Eyes(PictureDecoder decoder, FaceFinder finder, ActiveNetwork network, int maxFaces) {
        this.decoder = decoder;
        this.finder = finder;
        this.network = network;
        this.maxFaces = maxFaces;
        this.use = network.use();
    }

    /**
     * Finds and embeds the faces of a picture.
     *
     * @throws RejectedException if it cannot be read or exceeds the bounds
     * @throws io.facestream.embeddings.NoEmbeddingException if the network yields no valid embedding of a face
     */
    public Seen see(byte[] image) throws RejectedException {
        takeOver();
        return look(image);
    }

    /** Like {@link #see}, for two pictures by one version, so that their faces can be compared. */
    public List<Seen> seeBoth(byte[] one, byte[] other) throws RejectedException {
        takeOver();
        return List.of(look(one), look(other));
    }

    private Seen look(byte[] image) throws RejectedException {
        long started = System.nanoTime();
        try (Picture picture = decoder.decode(image)) {
            List<FaceView> views = finder.find(picture);
            try {
                List<FaceView> clearest = views.subList(0, Math.min(maxFaces, views.size()));
                long found = System.nanoTime();
                List<Embedding> embeddings = use.embedder()
                        .embed(clearest.stream().map(FaceView::chip).toList());
                long embedded = System.nanoTime();
                return new Seen(
                        picture.width(),
                        picture.height(),
                        picture.damaged(),
                        use.version(),
                        faces(clearest, embeddings),
                        (found - started) / 1e6f,
                        (embedded - found) / 1e6f);
            } finally {
                views.forEach(FaceView::close);
            }
        }
    }

    private static List<SeenFace> faces(List<FaceView> views, List<Embedding> embeddings) {
        List<SeenFace> faces = new ArrayList<>(views.size());
        for (int i = 0; i < views.size(); i++) {
            FaceView view = views.get(i);
            Embedding embedding = embeddings.get(i);
            faces.add(new SeenFace(view.face(), view.quality().withNorm(embedding.norm()), embedding));
        }
        return faces;
    }

    private void takeOver() {
        if (!use.isCurrent()) {
            ActiveNetwork.Use next = network.use();
            use.close();
            use = next;
        }
    }

    @Override
    public void close() {
        use.close();
        finder.close();
    }
}
