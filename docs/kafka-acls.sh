#!/usr/bin/env bash
#
# What each role, camera and subscriber may do on Kafka, and nothing else.
#
#   docs/kafka-acls.sh --bootstrap-server HOST:PORT [--command-config FILE]
#
#   KAFKA_ACLS   Kafka's own tool, if it is not `kafka-acls.sh` in PATH; `echo` prints the commands only
#   DETECTION EMBEDDING MATCHING SIGHTINGS ALERTS ENROLMENT CURATION TRAINING CAMERAS WEB
#   OPERATOR CAMERA SUBSCRIBER SCALER
#                the principals; one process that has several roles is one principal for them
#   STRANGERS    facestream.strangers.keep; default: none
#   REJECTS      yes: Health shows rejected records to users, and web may read what they hold, photos too; default: no
#
# Create is for a topic's own name: a role makes the topics it needs, with FaceStream's settings, where they are absent.
# DescribeConfigs is for the check at the start that a topic takes the largest records.
set -euo pipefail

may() {
    local principal=$1
    shift
    "${KAFKA_ACLS:-kafka-acls.sh}" "${connection[@]}" --add --allow-principal "$principal" "$@"
}

reads() { may "$1" --operation Read --operation Create --operation DescribeConfigs "${@:2}"; }
writes() { may "$1" --operation Write --operation Create --operation DescribeConfigs "${@:2}"; }

# The consumer group and the transactional ids of a stage; the ids end with the replica's name.
transacts() {
    may "$1" --operation Read --group "facestream-$2"
    may "$1" --operation Write --operation Describe --transactional-id "facestream-$2-" --resource-pattern-type prefixed
}

# The consumer groups of a role's live channels, one for each process, whose names end at random
listens() { may "$1" --operation Read --group "facestream-$2-live-" --resource-pattern-type prefixed; }

connection=("$@")

detection=${DETECTION:-User:facestream-detection}
reads "$detection" --topic camera-frames
writes "$detection" --topic detected-faces --topic rejected-records
transacts "$detection" detection

embedding=${EMBEDDING:-User:facestream-embedding}
reads "$embedding" --topic detected-faces --topic model-releases
writes "$embedding" --topic face-embeddings --topic rejected-records
transacts "$embedding" embedding
listens "$embedding" embedding

matching=${MATCHING:-User:facestream-matching}
reads "$matching" --topic face-embeddings
writes "$matching" --topic identity-events --topic rejected-records
transacts "$matching" matching

# Its changelogs' names begin like its group's; a replica that ends in order takes itself out of the group. Best shots
# are read from detected-faces: without that right, and with facestream.sightings.shots.people=PT0S, there are none
sightings=${SIGHTINGS:-User:facestream-sightings}
reads "$sightings" --topic face-embeddings --topic identity-events --topic sightings --topic detected-faces
may "$sightings" --operation Read --group facestream-sightings-projection
writes "$sightings" --topic sightings --topic rejected-records
# Whoever may write there may change the gallery: only where it asks to keep strangers
if [ "${STRANGERS:-none}" != none ]; then
    writes "$sightings" --topic gallery-commands
fi
transacts "$sightings" sightings
may "$sightings" --operation Read --operation Write --operation Create \
    --topic facestream-sightings- --resource-pattern-type prefixed

# Reads what others need to know, and tells them by other ways than Kafka
alerts=${ALERTS:-User:facestream-alerts}
reads "$alerts" --topic sightings
may "$alerts" --operation Read --group facestream-alerts
may "$alerts" --operation Read --group facestream-alerts-mqtt- --resource-pattern-type prefixed

enrolment=${ENROLMENT:-User:facestream-enrolment}
reads "$enrolment" --topic labelled-faces
writes "$enrolment" --topic enrolments --topic rejected-records
transacts "$enrolment" enrolment

# Changes the gallery as people ask, also by faces of visits, which are on detected-faces
curation=${CURATION:-User:facestream-curation}
reads "$curation" --topic gallery-commands --topic detected-faces
writes "$curation" --topic gallery-events --topic rejected-records
transacts "$curation" curation
# So that an erasure can say what topics still hold, and until when; it reads no record of the others
may "$curation" --operation Describe --operation DescribeConfigs \
    --topic camera-frames --topic detected-faces --topic face-embeddings --topic identity-events --topic sightings \
    --topic labelled-faces --topic enrolments --topic training-commands --topic training-progress \
    --topic gallery-events --topic rejected-records
may "$curation" --operation Describe --operation DescribeConfigs \
    --topic facestream-sightings- --resource-pattern-type prefixed

# Commands may name other topics of photos: grant Read on those too.
training=${TRAINING:-User:facestream-training}
reads "$training" --topic training-commands --topic labelled-faces
writes "$training" --topic training-progress --topic model-releases --topic rejected-records
transacts "$training" training

# Films, and says how cameras do: who films is read, never written
cameras=${CAMERAS:-User:facestream-cameras}
reads "$cameras" --topic cameras
writes "$cameras" --topic camera-frames --topic camera-states
transacts "$cameras" cameras

# Asks the others, in the name of users and keys, to change the gallery and to train; follows answers without a group.
# Shows what cameras see and how they do: without Read on camera-frames and identity-events and the groups, Live has no
# pictures; without that on camera-states, nobody is told why a camera is down; without that on sightings, an open page
# hears of visits once a minute; without that on detected-faces, visits of somebody unknown have no face
web=${WEB:-User:facestream-web}
reads "$web" --topic gallery-events --topic enrolments
reads "$web" --topic camera-frames --topic identity-events --topic camera-states --topic sightings \
    --topic detected-faces
listens "$web" web
writes "$web" --topic gallery-commands --topic labelled-faces --topic training-commands
# Health: how far each role is behind, and how long topics keep records; without a right, that is left out
may "$web" --operation Describe --group facestream- --resource-pattern-type prefixed
may "$web" --operation Describe --operation DescribeConfigs \
    --topic face-embeddings --topic training-progress --topic model-releases --topic cameras --topic rejected-records
if [ "${REJECTS:-no}" = yes ]; then
    may "$web" --operation Read --topic rejected-records
fi

# Who works with `facestream publish`, `cameras`, `enrol`, `gallery`, `train`, `watch`, `models promote`
operator=${OPERATOR:-User:facestream-operator}
writes "$operator" --topic camera-frames --topic labelled-faces --topic training-commands --topic model-releases
writes "$operator" --topic cameras --topic gallery-commands
reads "$operator" --topic cameras --topic enrolments --topic training-progress --topic identity-events
reads "$operator" --topic sightings --topic gallery-events --topic camera-states

camera=${CAMERA:-User:camera}
may "$camera" --operation Write --topic camera-frames

# With a consumer group of a name of its own; DescribeConfigs is for `facestream watch`
subscriber=${SUBSCRIBER:-User:subscriber}
may "$subscriber" --operation Read --operation DescribeConfigs --topic identity-events --topic sightings
may "$subscriber" --operation Read --group "subscriber-" --resource-pattern-type prefixed

# Who watches lag from outside: KEDA, for one
scaler=${SCALER:-User:facestream-scaler}
may "$scaler" --operation Describe --topic camera-frames --topic detected-faces --topic face-embeddings \
    --topic identity-events --topic labelled-faces
may "$scaler" --operation Describe --group facestream- --resource-pattern-type prefixed
