"""The addresses of the pages of stage one."""

from django.urls import path

from selaras.doors.office.prepare import credits, log, outreach, signals, training, village

urlpatterns = [
    path("village/", village.village, name="village"),
    path("village/candidates/", village.candidates, name="village_candidates"),
    path("village/candidates/<uuid:person_id>/letters/", village.letters, name="village_letters"),
    path("village/log/", log.log, name="village_log"),
    path("village/log/new/", log.new, name="village_log_new"),
    path("village/log/new/<uuid:person_id>/", log.new_of, name="village_log_person"),
    path("village/log/<uuid:movement_id>/", log.line, name="village_log_line"),
    path("village/log/<uuid:movement_id>/take-back/", log.take_back, name="village_log_take_back"),
    path("credit/", credits.credits, name="credits"),
    path("credit/calculator/", credits.calculator, name="credit_calculator"),
    path("credit/journeys/<uuid:journey_id>/", credits.of_journey, name="journey_credit"),
    path("credit/<uuid:request_id>/", credits.one, name="credit_request"),
    path("credit/<uuid:request_id>/<slug:credit_act>/", credits.end, name="credit_end"),
    path("training/", training.courses, name="courses"),
    path("training/new/", training.new, name="course_new"),
    path("training/people/<uuid:person_id>/", training.person, name="person_training"),
    path("training/enrolments/<uuid:enrolment_id>/<slug:enrolment_act>/", training.enrolment, name="enrolment_end"),
    path("training/<uuid:course_id>/", training.course, name="course"),
    path("training/<uuid:course_id>/close/", training.close, name="course_close"),
    path("outreach/", outreach.sessions, name="outreach"),
    path("outreach/new/", outreach.new, name="outreach_new"),
    path("outreach/told/<uuid:person_id>/", outreach.told, name="person_told"),
    path("outreach/<uuid:outreach_id>/", outreach.session, name="outreach_session"),
    path("outreach/<uuid:outreach_id>/take-back/", outreach.take_back, name="outreach_take_back"),
    path("outreach/came/<uuid:attendance_id>/take-back/", outreach.not_there, name="attendance_take_back"),
    path("signals/", signals.signals, name="signals"),
    path("signals/new/", signals.new, name="signal_new"),
    path("signals/counts/", signals.counts, name="signal_counts"),
    path("signals/<uuid:signal_id>/", signals.signal, name="signal"),
    path("signals/<uuid:signal_id>/answer/", signals.answer, name="signal_answer"),
    path("signals/<uuid:signal_id>/take-back/", signals.take_back, name="signal_take_back"),
    path("signals/<uuid:signal_id>/photo/", signals.photo, name="signal_photo"),
]
