package io.facestream.web.page;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** What the page says; the words are in {@code messages/msg_en.properties} and {@code msg_de.properties}. */
@MessageBundle
public interface Words {
    @Message
    String skip();

    @Message
    String sections();

    @Message
    String today();

    @Message
    String signIn();

    @Message
    String signInBy(String provider);

    @Message
    String signInProblem(String code);

    @Message
    String signOut();

    @Message
    String userName();

    @Message
    String password();

    @Message
    String noUserYet();

    @Message
    String signInFailure(String failure);

    @Message
    String problem(int status);

    @Message
    String noAnswer();

    @Message
    String backToStart();

    @Message
    String filter();

    @Message
    String person();

    @Message
    String anyName();

    @Message
    String who();

    @Message
    String everybody();

    @Message
    String namedOnly();

    @Message
    String unnamedOnly();

    @Message
    String camera();

    @Message
    String allCameras();

    @Message
    String day();

    @Message
    String show();

    @Message
    String showAll();

    @Message
    String nothingFound();

    @Message
    String nothingFoundHint();

    @Message
    String crowded();

    @Message
    String nobodyYet();

    @Message
    String firstPeople();

    @Message
    String photosAbove();

    @Message
    String firstVisit();

    @Message
    String earlier();

    /** @param daysAgo 0 for today */
    @Message
    String dayTitle(int daysAgo, String day);

    @Message
    String somebodyUnknown();

    @Message
    String sure(Integer percent);

    @Message
    String whyUnnamed(String reason);

    @Message
    String thereNow();

    @Message
    String minutes(long minutes);

    @Message
    String seconds(long seconds);

    @Message
    String people();

    @Message
    String health();

    @Message
    String findPeople();

    @Message
    String personName();

    @Message
    String find();

    @Message
    String tagged();

    @Message
    String nobodyFound();

    @Message
    String nobodyFoundHint();

    @Message
    String nobodyEnrolled();

    @Message
    String photoCount(int photos);

    @Message
    String ignored();

    @Message
    String ignoredLong();

    @Message
    String lastSeen();

    @Message
    String neverSeen();

    @Message
    String nextPage();

    @Message
    String formerNames();

    @Message
    String photoOf();

    @Message
    String counts();

    @Message
    String countsNot();

    @Message
    String choosePhoto(int number);

    @Message
    String splitPhotos();

    @Message
    String splitName();

    @Message
    String split();

    @Message
    String wholeFrame();

    @Message
    String photoQuality(long size, long sharpness, long norm);

    @Message
    String noPhotos();

    @Message
    String lastVisits();

    @Message
    String allVisits();

    @Message
    String whoLooksAlike();

    @Message
    String compare();

    @Message
    String distance();

    @Message
    String distanceHint();

    @Message
    String nobodyAlike();

    @Message
    String lastDay();

    @Message
    String noVisitToday();

    @Message
    String visits();

    @Message
    String count();

    @Message
    String share();

    @Message
    String whyHint();

    @Message
    String cameras();

    @Message
    String lastVisit();

    @Message
    String unverifiedErasures();

    @Message
    String erasedAt();

    @Message
    String waitingFor();

    @Message
    String newPerson();

    @Message
    String add();

    @Message
    String undo();

    @Message
    String changePerson();

    @Message
    String fullName();

    @Message
    String rename();

    @Message
    String newTag();

    @Message
    String removeTag();

    @Message
    String samePersonAs();

    @Message
    String merge();

    @Message
    String ignore();

    @Message
    String unignore();

    @Message
    String erase();

    @Message
    String eraseSure(String name);

    @Message
    String isSamePerson();

    @Message
    String erased();

    @Message
    String table();

    @Message
    String erasedInAll(long rows, long remaining);

    @Message
    String byTable();

    @Message
    String rowsErased();

    @Message
    String rowsLeft();

    @Message
    String leftOnTopics();

    @Message
    String topic();

    @Message
    String goneBy();

    @Message
    String goneByNoSetting();

    @Message
    String trainedOnThem();

    @Message
    String notCovered();

    @Message
    String copies(String where);

    @Message
    String verifiedLater();

    @Message
    String changeDone(String kind);

    @Message
    String changeRefused(String reason);

    @Message
    String thisIsNot(String name);

    @Message
    String whoIsThis();

    @Message
    String recogniseByThis();

    @Message
    String noPicture();

    @Message
    String addPhotosHere();

    @Message
    String addPhotos();

    @Message
    String dropPhotos();

    @Message
    String dropHint();

    @Message
    String photoSending();

    @Message
    String serviceLost();

    @Message
    String photoTooMany();

    @Message
    String photoOutcome(String outcome);

    @Message
    String live();

    @Message
    String livePicture();

    @Message
    String liveAmbiguous();

    @Message
    String liveWaiting();

    @Message
    String liveUnrecognised();

    @Message
    String liveSilent();

    @Message
    String liveUnheard();

    @Message
    String liveLarger();

    @Message
    String liveSmaller();

    @Message
    String liveLost();

    @Message
    String liveCrowded();

    @Message
    String liveNoDatabase();

    @Message
    String liveUnreadable();

    @Message
    String liveNothing();

    @Message
    String liveNothingHint();

    @Message
    String liveHint();

    @Message
    String liveScript();

    @Message
    String models();

    @Message
    String modelVersions();

    @Message
    String modelStatus(String status);

    @Message
    String modelBase();

    @Message
    String modelThis();

    @Message
    String modelMade();

    @Message
    String modelActivated();

    @Message
    String modelCompared();

    @Message
    String modelPhotos();

    @Message
    String modelGain();

    @Message
    String modelPromote();

    @Message
    String modelPromoteSure();

    @Message
    String modelRollBack();

    @Message
    String modelRollBackSure();

    @Message
    String modelTarHint();

    @Message
    String train();

    @Message
    String trainHint();

    @Message
    String trainStart();

    @Message
    String trainings();

    @Message
    String noTraining();

    @Message
    String trainingUnheard();

    @Message
    String trainingKind(String kind);

    @Message
    String trainingState(String state);

    @Message
    String trainingOutcome(String outcome);

    @Message
    String trainingEpoch();

    @Message
    String trainingLeft(int done, int most, String epoch, String left);

    @Message
    String trainingEpochs(int epochs);

    @Message
    String trainingLoss();

    @Message
    String trainingInter();

    @Message
    String trainingIntra();

    @Message
    String trainingHeldBack();

    @Message
    String trainingCancel();

    @Message
    String strangers();

    @Message
    String strangersDone(String kind);

    @Message
    String noStrangers();

    @Message
    String noStrangersHint();

    @Message
    String giveName();

    @Message
    String samePerson();

    @Message
    String keepLonger();

    @Message
    String ignoreThem();

    @Message
    String unignoreThem();

    @Message
    String discard();

    @Message
    String discardSure();

    @Message
    String chooseBelow();

    @Message
    String visitCount(int visits);

    @Message
    String keptUntil();
}
