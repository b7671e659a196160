package io.facestream.embeddings;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.mtcnn.MtcnnDetector;
import io.facestream.faces.mtcnn.MtcnnNetworks;
import io.facestream.faces.mtcnn.MtcnnSettings;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.video.Ffmpeg;
import io.facestream.video.VideoFrame;
import io.facestream.video.VideoInput;
import io.facestream.video.VideoReader;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same footage as recorders write it: whoever is in it is recognised, however wide its pixels and whichever way
 * is up.
 */
class RecordingsTest {
    /** Of a portrait and a frame of the same person; strangers' lie above 1.2. */
    private static final double SAME_PERSON = 0.9;

    private static MtcnnNetworks networks;
    private static FaceFinder finder;
    private static Network network;
    private static FaceEmbedder embedder;
    private static PictureDecoder decoder;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        networks = MtcnnNetworks.load(ComputeDevice.CPU);
        finder = new FaceFinder(new MtcnnDetector(networks, MtcnnSettings.DEFAULT));
        network = Network.shipped(FaceEmbedder.MOBILE_FACE_NET, ComputeDevice.CPU);
        embedder = new FaceEmbedder(network, 112);
        decoder = new PictureDecoder(new SmallRyeConfigBuilder()
                .withMapping(PictureBounds.class)
                .build()
                .getConfigMapping(PictureBounds.class));
    }

    @AfterAll
    static void close() {
        embedder.close();
        network.close();
        finder.close();
        networks.close();
    }

    @ParameterizedTest
    @CsvSource({"raw.h264, 0", "anamorphic-2cif.mp4, 0", "upside.mp4, 2"})
    void whoeverIsInARecordingIsRecognised(String name, int quarterTurns) throws Exception {
        List<Embedding> portraits = new ArrayList<>();
        for (String portrait :
                List.of("Eileen_Collins/nasa.jpg", "Grace_Hopper/us-navy.jpg", "John_Ousterhout/tk.jpg")) {
            portraits.addAll(faces(Files.readAllBytes(Path.of("src/main/resources/demo/people", portrait))));
        }
        int frames = 0;
        int recognised = 0;
        try (VideoReader reader =
                VideoReader.open(VideoInput.file(Ffmpeg.recording(name, folder)), quarterTurns, notice -> {})) {
            for (Optional<VideoFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
                frames++;
                List<Embedding> faces = faces(next.get().jpeg());
                boolean known = faces.stream().anyMatch(face -> portraits.stream()
                        .anyMatch(portrait -> portrait.distance(face) < SAME_PERSON));
                recognised += known ? 1 : 0;
            }
        }
        assertThat(frames).isEqualTo(20);
        assertThat(recognised).isEqualTo(frames);
    }

    private static List<Embedding> faces(byte[] image) throws IOException, RejectedException {
        try (Picture picture = decoder.decode(image)) {
            List<Embedding> embeddings = new ArrayList<>();
            for (FaceView view : finder.find(picture)) {
                try (view) {
                    embeddings.add(embedder.embed(view.chip()));
                }
            }
            return embeddings;
        }
    }
}
