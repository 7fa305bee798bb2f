"""Routes that only take, so that no page comes out of them."""

#: Routes that only take (POST), and give back a redirect or the page of the form.
TAKING = {
    "signing.sign_out", "exporting.begin", "account.change_password", "account.end_one", "account.end_others",
    "account.add_token", "account.revoke_token", "registering.take", "registering.take_forgotten",
    "registering.open_confirmed", "registering.chosen_password", "second_factor.enrol", "second_factor.renew_codes",
    "second_factor.turn_off", "administering.add", "administering.change_role", "administering.assign",
    "administering.unassign", "administering.set_active", "administering.reset_second_factor",
    "administering.sign_out", "administering.describe_person", "administering.invite", "mailing.again",
    "indexing.again", "requesting.change_list", "requesting.send", "following.act", "account.choose_letters",
    "account.ask_new_email",
    "registering.take_email",
    "account.change_consent", "quarantining.look", "quarantining.decide", "quarantining.decide_many",
    "account.change_person",
    "following.show_state", "answering.act", "answering.act_on_many", "answering.keep_filter", "assisting.take",
    "leaving.erase", "administering.erase", "delegating.change", "reading_room.change", "reading_room.act",
    "verifying.check", "masking.change",
    "correcting.propose", "correcting.decide",
    "personal.decide", "proposals.decide", "takedown.send", "takedown.decide", "delivering.give", "delivering.decide",
    "delivering.again", "delivering.undo", "deliveries_api.begin", "deliveries_api.add", "mapping_columns.say",
    "sending.begin", "sending.add",
    "paying.notified", "charging.act", "reconciling.read", "reconciling.place",
    "keeping.add", "keeping.change", "ending_letters.end", "enquiring.send", "enquiring.answer",
    "curating.begin", "curating.change", "listing.add", "listing.change",
}  # fmt: skip
