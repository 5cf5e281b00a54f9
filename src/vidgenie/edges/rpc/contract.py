"""The whole API on one page: routes, scopes, OpenAPI, documentation and clients come from it."""

from vidgenie.edges.rpc import found as f
from vidgenie.edges.rpc import models as m
from vidgenie.edges.rpc import models_account as ma
from vidgenie.edges.rpc import models_destination as md
from vidgenie.edges.rpc import models_usage as mu
from vidgenie.edges.rpc import models_webhook as mw
from vidgenie.edges.rpc.calls import Method
from vidgenie.edges.rpc.methods import (
    account,
    apikey,
    asset,
    audit,
    batch,
    change,
    destination,
    events,
    render,
    template,
    uploads,
    usage,
    webhook,
)

METHODS = (
    # ── accounts: no credential yet, then an access token ───────────────────────────────────
    Method(
        "account.register", account.register, m.Register, m.AccountView, "account", "none"
    ),
    Method(
        "account.verify_email", account.verify_email, m.VerifyEmail, m.AccountView, "account",
        "none",
    ),
    Method(
        "account.resend_verification", account.resend_verification, m.ResendVerification, None,
        "", "none",
    ),
    Method("account.login", account.login, m.LogIn, m.LoginData, "", "none"),
    Method("account.logout", account.logout, m.LogOut, None),
    Method("account.get", account.get, m.Nothing, m.AccountView, "account", reads=True),
    Method(
        "account.sessions", account.sessions, m.Page, ma.SessionView, "sessions", reads=True,
        is_list=True,
    ),
    Method(
        "account.change_email", change.change_email, ma.ChangeEmail, m.AccountView, "account",
        prepare=change.prove_for_letter,
    ),
    Method(
        "account.change_password", change.change_password, ma.ChangePassword, None,
        prepare=change.prove_and_hash,
    ),
    Method(
        "account.request_password_reset", change.request_password_reset, ma.RequestPasswordReset,
        None, "", "none",
    ),
    Method(
        "account.reset_password", change.reset_password, ma.ResetPassword, None, "", "none"
    ),
    Method(
        "account.rotate_callback_secret", change.rotate_callback_secret, m.Nothing, m.AccountView,
        "account", creates=True, secrets=("callback_secret",),
    ),
    Method("account.delete", change.delete, ma.Confirm, None, prepare=change.prove),
    # ── keys ────────────────────────────────────────────────────────────────────────────────
    Method(
        "apikey.create", apikey.create, m.CreateKey, m.KeyView, "api_key", creates=True,
        secrets=("plaintext",),
    ),
    Method(
        "apikey.list", apikey.list_keys, m.Page, m.KeyView, "api_keys", reads=True, is_list=True
    ),
    Method(
        "apikey.rotate", apikey.rotate, m.RotateKey, m.KeyView, "api_key", creates=True,
        secrets=("plaintext",),
    ),
    Method("apikey.revoke", apikey.revoke, m.ById, m.KeyView, "api_key"),
    # ── renders: an API key ─────────────────────────────────────────────────────────────────
    Method(
        "render.create", render.create, m.Nothing, m.RenderView, "render", "key",
        "render:write", creates=True, is_raw=True,
    ),
    Method(
        "render.get", render.get, m.ById, m.RenderView, "render", "key", "render:read", reads=True
    ),
    Method(
        "render.list", render.list_renders, m.ListRenders, m.RenderView, "renders", "key",
        "render:read", reads=True, is_list=True,
    ),
    Method(
        "render.retry", render.retry, m.ById, m.RenderView, "render", "key", "render:write",
        creates=True,
    ),
    Method(
        "render.explain", render.explain, m.Nothing, f.PlanView, "plan", "key", "render:write",
        is_raw=True, is_long=True,
    ),
    Method(
        "render.snapshot", render.snapshot, m.Snapshot, None, "", "key", "render:write",
        is_raw=True, is_long=True, answers=("image/png", "image/jpeg"),
    ),
    Method(
        "render.events", events.events, m.ById, None, "", "key", "render:read", reads=True,
        is_long=True, answers=("text/event-stream",),
    ),
    Method(
        "render.delete", render.delete, m.ById, None, "", "key", "render:write", is_long=True
    ),
    Method("render.cancel", render.cancel, m.ById, m.RenderView, "render", "key", "render:write"),
    # ── templates ───────────────────────────────────────────────────────────────────────────
    Method(
        "template.create", template.create, m.CreateTemplate, m.TemplateView, "template", "key",
        "template:write", creates=True,
    ),
    Method(
        "template.get", template.get, m.GetTemplate, m.TemplateView, "template", "key",
        "template:read", reads=True,
    ),
    Method(
        "template.list", template.list_templates, m.Page, m.TemplateView, "templates", "key",
        "template:read", reads=True, is_list=True,
    ),
    Method(
        "template.update", template.update, m.UpdateTemplate, m.TemplateView, "template", "key",
        "template:write",
    ),
    Method("template.delete", template.delete, m.ById, None, "", "key", "template:write"),
    Method(
        "template.render", template.render, m.RenderTemplate, m.RenderedView, "", "key",
        "template:write", creates=True, takes_table=True, body_max=16 << 20,
        prepare=template.prepare_render,
    ),
    Method(
        "template.snapshot", template.snapshot, m.SnapshotTemplate, None, "", "key",
        "template:write", is_long=True, answers=("image/png", "image/jpeg"),
    ),
    # ── batches ─────────────────────────────────────────────────────────────────────────────
    Method(
        "batch.get", batch.get, m.GetBatch, m.BatchView, "batch", "key", "render:read", reads=True
    ),
    Method(
        "batch.list", batch.list_batches, m.Page, m.BatchView, "batches", "key", "render:read",
        reads=True, is_list=True,
    ),
    Method("batch.cancel", batch.cancel, m.ById, m.BatchView, "batch", "key", "render:write"),
    # ── assets ──────────────────────────────────────────────────────────────────────────────
    Method(
        "asset.upload", asset.upload, m.Nothing, m.AssetView, "asset", "key", "asset:write",
        is_upload=True,
    ),
    Method(
        "asset.upload_url", uploads.upload_url, m.UploadUrl, f.UploadUrlView, "upload", "key",
        "asset:write",
    ),
    Method(
        "asset.list", asset.list_assets, m.Page, m.AssetView, "assets", "key", "asset:read",
        reads=True, is_list=True,
    ),
    Method("asset.delete", asset.delete, m.ById, None, "", "key", "asset:write"),
    Method(
        "asset.probe", asset.probe, m.ById, f.ProbeView, "probe", "key", "asset:read", reads=True,
        is_long=True,
    ),
    Method("asset.get", asset.get, m.ById, m.AssetView, "asset", "key", "asset:read", reads=True),
    # ── webhooks: either ────────────────────────────────────────────────────────────────────
    Method(
        "webhook.create", webhook.create, mw.CreateWebhook, m.WebhookView, "webhook", "either",
        "webhook:write", creates=True, secrets=("secret",),
    ),
    Method(
        "webhook.list", webhook.list_webhooks, m.Page, m.WebhookView, "webhooks", "either",
        "webhook:read", reads=True, is_list=True,
    ),
    Method(
        "webhook.get", webhook.get, m.ById, m.WebhookView, "webhook", "either", "webhook:read",
        reads=True,
    ),
    Method(
        "webhook.update", webhook.update, mw.UpdateWebhook, m.WebhookView, "webhook", "either",
        "webhook:write",
    ),
    Method("webhook.delete", webhook.delete, m.ById, None, "", "either", "webhook:write"),
    Method(
        "webhook.test", webhook.test, m.ById, mw.TestedView, "", "either", "webhook:write",
        prepare=webhook.slow_down,
    ),
    Method(
        "webhook.rotate_secret", webhook.rotate_secret, m.ById, m.WebhookView, "webhook", "either",
        "webhook:write", creates=True, secrets=("secret",),
    ),
    Method(
        "webhook.deliveries", webhook.deliveries, mw.ListDeliveries, mw.DeliveryView, "deliveries",
        "either", "webhook:read", reads=True, is_list=True,
    ),
    Method(
        "webhook.redeliver", webhook.redeliver, mw.Redeliver, mw.RedeliveredView, "", "either",
        "webhook:write",
    ),
    # ── destinations: either ────────────────────────────────────────────────────────────────
    Method(
        "destination.create", destination.create, md.CreateDestination, md.DestinationView,
        "destination", "either", "destination:write", creates=True, secrets=("secret",),
    ),
    Method(
        "destination.get", destination.get, m.ById, md.DestinationView, "destination", "either",
        "destination:read", reads=True,
    ),
    Method(
        "destination.list", destination.list_destinations, m.Page, md.DestinationView,
        "destinations", "either", "destination:read", reads=True, is_list=True,
    ),
    Method(
        "destination.update", destination.update, md.UpdateDestination, md.DestinationView,
        "destination", "either", "destination:write",
    ),
    Method(
        "destination.delete", destination.delete, m.ById, None, "", "either", "destination:write"
    ),
    Method(
        "destination.test", destination.test, m.ById, md.TriedView, "", "either",
        "destination:write", is_long=True,
    ),
    # ── audit ───────────────────────────────────────────────────────────────────────────────
    Method(
        "audit.list", audit.list_rows, ma.ListAudit, ma.AuditView, "rows", reads=True, is_list=True
    ),
    Method("usage.get", usage.get, mu.GetUsage, mu.UsageView, "usage", reads=True),
)  # fmt: skip

BY_NAME = {method.call: method for method in METHODS}
