// Writes the filters of dlib's frontal face detector as io.facestream.faces.hog.HogFilters reads them, and what dlib makes of a grey
// picture as HogDetectorTest and HogFeaturesTest read it. With Debian's packages libdlib-dev and g++, from the project's root:
//
//   g++ -O1 src/test/java/io/facestream/networks/conversion/dlib-faces.cpp -o target/dlib-faces \
//       -ldlib -lpthread -l:liblapack.so.3 -l:libblas.so.3
//   target/dlib-faces filters > src/main/resources/models/hog-faces.bin
//   target/dlib-faces golden PICTURE.pgm > src/test/resources/golden/dlib/NAME.json

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include <dlib/image_processing/frontal_face_detector.h>

namespace {

// Of cells in both directions, each of this many is written: enough to notice a mistake.
constexpr int kStep = 7;

void write(float value) {
    std::fwrite(&value, sizeof value, 1, stdout);
}

void filters() {
    dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
    const auto& scanner = detector.get_scanner();
    for (unsigned long i = 0; i < detector.num_detectors(); ++i) {
        const auto& weights = detector.get_w(i);
        const auto bank = scanner.build_fhog_filterbank(weights);
        write(static_cast<float>(weights(scanner.get_num_dimensions())));
        for (long y = 0; y < 10; ++y) {
            for (long x = 0; x < 10; ++x) {
                for (const auto& plane : bank.get_filters()) {
                    write(plane(y, x));
                }
            }
        }
    }
}

dlib::array2d<unsigned char> readPgm(const char* name) {
    std::ifstream file(name, std::ios::binary);
    std::string magic;
    long width = 0, height = 0, largest = 0;
    file >> magic >> width >> height >> largest;
    file.get();
    if (!file || magic != "P5" || largest != 255) {
        throw std::runtime_error(std::string(name) + " is no binary PGM of 8 bits without comments");
    }
    dlib::array2d<unsigned char> picture(height, width);
    for (long y = 0; y < height; ++y) {
        file.read(reinterpret_cast<char*>(&picture[y][0]), width);
    }
    return picture;
}

void golden(const char* name) {
    const auto picture = readPgm(name);
    dlib::array<dlib::array2d<float>> planes;
    dlib::extract_fhog_features(picture, planes, 8, 1, 1);
    std::printf("{\"rows\": %ld, \"columns\": %ld, \"step\": %d,\n\"cells\": [", planes[0].nr(), planes[0].nc(), kStep);
    const char* separator = "\n";
    for (long y = 0; y < planes[0].nr(); y += kStep) {
        for (long x = 0; x < planes[0].nc(); x += kStep) {
            std::printf("%s[", separator);
            for (unsigned long p = 0; p < planes.size(); ++p) {
                std::printf("%s%.5f", p == 0 ? "" : ",", planes[p][y][x]);
            }
            std::printf("]");
            separator = ",\n";
        }
    }
    std::printf("],\n\"faces\": [");
    std::vector<dlib::rect_detection> faces;
    dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
    detector(picture, faces, 0);
    separator = "\n";
    for (const auto& face : faces) {
        std::printf("%s{\"score\": %.5f, \"box\": {\"x\": %ld, \"y\": %ld, \"width\": %lu, \"height\": %lu}}", separator,
                    face.detection_confidence, face.rect.left(), face.rect.top(), face.rect.width(), face.rect.height());
        separator = ",\n";
    }
    std::printf("]}\n");
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && std::strcmp(arguments[1], "filters") == 0) {
        filters();
    } else if (count == 3 && std::strcmp(arguments[1], "golden") == 0) {
        golden(arguments[2]);
    } else {
        std::fprintf(stderr, "usage: dlib-faces filters | golden PICTURE.pgm\n");
        return 2;
    }
}
