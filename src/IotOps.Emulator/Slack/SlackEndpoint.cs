using System.Buffers;
using System.Text;
using System.Text.Json;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Slack;

/// <summary>Slack over HTTP: response_urls and three methods of the Web API, with arguments as JSON or as a form.</summary>
internal sealed class SlackEndpoint(SlackRecord record, FaultInjector faults, TimeProvider timeProvider) : IEndpoint
{
    public const string Prefix = "/_emulator/slack";
    public const string BotToken = "xoxb-emulator";

    private const int MaxBodyBytes = 256 << 10;
    private const string ApiPrefix = "/api/";

    // No bucket name starts with an underscore.
    public bool IsFor(HttpContext context) => context.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value![Prefix.Length..];
        bool isApi = path is "/api/chat.postMessage" or "/api/chat.update" or "/api/auth.test";
        string method = isApi ? path[ApiPrefix.Length..] : "response_url";
        try
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                throw new Refusal(405, "method_not_allowed", "Slack is posted to.");
            }

            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            Fault? fault = faults.Take(new FaultRequest { Operation = isApi ? method : "SlackPost" });
            if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, timeProvider).ConfigureAwait(false))
            {
                return;
            }

            string json = SlackForm.IsOne(context) ? SlackForm.ToJson(Encoding.UTF8.GetString(body.Span)) : Encoding.UTF8.GetString(body.Span);
            if (path == "/api/auth.test")
            {
                await TestAsync(context, json, InjectedFault.BytesLetThrough(fault)).ConfigureAwait(false);
                return;
            }

            (string? error, string text, string channel, string ts) = Judge(context, json, isApi, path);
            record.Posts.Add(new ReceivedSlackPost
            {
                ResponseUrl = isApi ? null : new Uri($"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}"),
                Method = method,
                Json = json,
                Text = text,
                Error = error,
                ReceivedAt = timeProvider.GetUtcNow(),
            });
            await AnswerAsync(context, isApi, error, channel, ts, InjectedFault.BytesLetThrough(fault)).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            await WriteAsync(context, 400, "invalid_payload", long.MaxValue).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await WriteAsync(context, refusal.Status, refusal.Code, long.MaxValue).ConfigureAwait(false);
        }
    }

    private (string? Error, string Text, string Channel, string Timestamp) Judge(HttpContext context, string json, bool isApi, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement message = document.RootElement;
            string text = SlackPayload.Text(message, "text");
            string channel = SlackPayload.Text(message, "channel");
            string ts = SlackPayload.Text(message, "ts");
            string? error = isApi ? CheckCall(context, message, channel, ts, path) : CheckResponse(context, path);
            return (error ?? SlackPayload.Check(message), text, channel, ts.Length > 0 ? ts : record.NextTimestamp());
        }
        catch (JsonException)
        {
            return ("invalid_payload", "", "", "");
        }
    }

    // A response_url is its own permission: whoever sends a token along gives it away.
    private string? CheckResponse(HttpContext context, string path) =>
        context.Request.Headers.Authorization.Count > 0 ? "unexpected_authorization" : record.Spend(path);

    private static bool IsBot(HttpContext context, JsonElement call) =>
        context.Request.Headers.Authorization == $"Bearer {BotToken}" || (context.Request.Headers.Authorization.Count == 0 && SlackPayload.Text(call, "token") == BotToken);

    private static string? CheckCall(HttpContext context, JsonElement call, string channel, string ts, string path) =>
        !IsBot(context, call) ? "invalid_auth"
        : channel.Length == 0 ? "channel_not_found"
        : path.EndsWith("update", StringComparison.Ordinal) && ts.Length == 0 ? "message_not_found"
        : null;

    private static Task TestAsync(HttpContext context, string json, long letThrough)
    {
        bool isBot = IsBot(context, JsonElement.Parse(json.Length == 0 ? "{}" : json));
        string answer = isBot
            ? """{"ok":true,"url":"https://emulator.slack.com/","team":"Emulator","user":"bot","team_id":"T0EMULATOR","user_id":"U0EMULATOR","bot_id":"B0EMULATOR"}"""
            : """{"ok":false,"error":"invalid_auth"}""";
        return JsonAnswer.WriteAsync(context, 200, Encoding.ASCII.GetBytes(answer), letThrough, "application/json; charset=utf-8");
    }

    private static Task AnswerAsync(HttpContext context, bool isApi, string? error, string channel, string ts, long letThrough)
    {
        if (!isApi)
        {
            int status = error switch { null => 200, "used_url" or "expired_url" or "no_such_url" => 404, _ => 400 };
            return WriteAsync(context, status, error ?? "ok", letThrough);
        }

        var body = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok"u8, error is null);
            if (error is not null)
            {
                json.WriteString("error"u8, error);
            }
            else
            {
                json.WriteString("channel"u8, channel);
                json.WriteString("ts"u8, ts);
            }

            json.WriteEndObject();
        }

        return JsonAnswer.WriteAsync(context, 200, body.WrittenMemory, letThrough, "application/json; charset=utf-8");
    }

    private static Task WriteAsync(HttpContext context, int status, string word, long letThrough) =>
        JsonAnswer.WriteAsync(context, status, Encoding.ASCII.GetBytes(word), letThrough, "text/plain; charset=utf-8");
}
