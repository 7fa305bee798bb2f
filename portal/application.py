"""The application: Flask with everything it needs handed in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from archive.access import Viewer
from archive.settings import ROOT, Settings
from archive.storage.protocol import Storage
from portal import (
    account,
    addresses,
    administering,
    annotating,
    answering,
    api,
    assets,
    assisting,
    auditing,
    browsing,
    canonical,
    carrying,
    charging,
    choosing,
    compressing,
    copying,
    correcting,
    crawling,
    curating,
    delegating,
    deliveries_api,
    delivering,
    downloading,
    ending_letters,
    enquiring,
    errors,
    evidence,
    exporting,
    following,
    galleries,
    health,
    help,
    history,
    home,
    images,
    indexing,
    keeping,
    languages,
    leaving,
    limiting,
    listing,
    mailing,
    mapping_columns,
    masking,
    measuring,
    naming,
    openid,
    paying,
    personal,
    picturing,
    presenting,
    printing,
    proposals,
    quarantining,
    reading,
    reading_room,
    reasoning,
    reconciling,
    recordings,
    refusing,
    registering,
    requesting,
    retaining,
    searching,
    second_factor,
    security,
    sending,
    signing,
    takedown,
    targets,
    theming,
    trail,
    typeset,
    verifying,
    wording,
)
from portal.devices import device_name
from portal.house import House, furnish
from portal.viewing import viewer
from portal.wording import role_name, say
from search.marking import mark

if TYPE_CHECKING:
    from search.gateway import Gateway

MOST_BODY = 64 * 1024  # the only bodies are short forms

BLUEPRINTS = (
    home, searching, reasoning, choosing, exporting, browsing, reading, images, picturing, presenting, annotating,
    carrying, crawling, keeping, enquiring, personal, listing, naming, takedown, signing, proposals, openid,
    registering, account, second_factor, administering, mailing, indexing, requesting, following, reading_room,
    assisting, delegating, retaining, leaving,
    measuring, targets, answering, languages, api,
    health, help, history, trail, delivering, quarantining, sending, mapping_columns, deliveries_api, copying,
    correcting, masking,
    verifying, paying, charging, reconciling, theming, curating, downloading, recordings, galleries,
    evidence, printing, typeset, ending_letters,
)  # fmt: skip

#: In this order before a request; behind it the other way round.
PARTS = (
    limiting, wording, addresses, canonical, assets, languages, errors, refusing, compressing, security, auditing,
    trail,
)  # fmt: skip


def create_app(
    *, gateway: "Gateway", storage: Storage, settings: Settings, limits: "limiting.Limits | None" = None
) -> Flask:
    """The portal over a gateway, a storage and the catalogue that the settings name.

    ``limits`` are shared with other processes; without them this one counts by itself.
    """
    app = Flask("portal", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret.get_secret_value(),
        MAX_CONTENT_LENGTH=MOST_BODY,
        MAX_FORM_MEMORY_SIZE=MOST_BODY,
        MAX_FORM_PARTS=20,
    )
    app.json = told = DefaultJSONProvider(app)
    told.ensure_ascii = told.sort_keys = False
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = False
    furnish(app, House(gateway, storage, settings, limits or limiting.Limits()))
    security.trust_proxies(app, settings.hops)
    for part in PARTS:
        part.install(app)
    signing.install(app, settings)
    second_factor.install(app, settings)
    openid.install(app, settings)
    takedown.install(app)
    delivering.install(app)
    sending.install(app)
    deliveries_api.install(app)
    paying.install(app)
    reconciling.install(app)
    copying.install(app)
    history.install(app)
    ending_letters.install(app)
    verifying.install(app)
    evidence.install(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.jinja_env.globals["mark"] = mark
    app.jinja_env.globals["say"] = say
    app.context_processor(_words_of_every_page)
    return app


def _words_of_every_page() -> dict[str, Any]:
    from archive.settings import settings

    reader: Callable[[], Viewer] = viewer
    return {
        "device_name": device_name,
        "provider_name": openid.provider_name,
        "role_name": role_name,
        "scope_words": account.scope_words,
        "archive_name": settings().archive_name,
        "switch_address": languages.switch_address,
        "back": addresses.here_without_language(),
        "reader": reader,
    }
