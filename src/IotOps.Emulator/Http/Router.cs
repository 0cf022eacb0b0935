using System.Text.Json;
using IotOps.Emulator.Batch;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Logs;
using IotOps.Emulator.Mqtt;
using IotOps.Emulator.S3;
using IotOps.Emulator.Shadow;
using IotOps.Emulator.Slack;
using IotOps.Emulator.Sts;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>Tells by its port and headers which service a request is for.</summary>
internal sealed class Router(
    LogsEndpoint logs,
    S3Endpoint s3,
    CredentialsEndpoint credentials,
    WebSocketEndpoint webSockets,
    DataPlaneEndpoint dataPlane,
    BatchEndpoint batch,
    StsEndpoint sts,
    SlackEndpoint slack,
    LogStore logStore,
    CallLog calls)
{
    private const string StatisticsPath = "/_emulator/statistics";

    public Task HandleAsync(HttpContext context)
    {
        if (context.Request.IsHttps)
        {
            return credentials.HandleAsync(context);
        }

        string target = context.Request.Headers["X-Amz-Target"].ToString();
        if (target.StartsWith(LogsEndpoint.TargetPrefix, StringComparison.Ordinal))
        {
            return logs.HandleAsync(context, target[LogsEndpoint.TargetPrefix.Length..]);
        }

        // A bucket may have that name too.
        if (context.Request.Path == WebSocketEndpoint.Path && context.WebSockets.IsWebSocketRequest)
        {
            return webSockets.HandleAsync(context);
        }

        if (DataPlaneEndpoint.IsFor(context))
        {
            return dataPlane.HandleAsync(context);
        }

        if (BatchEndpoint.IsFor(context))
        {
            return batch.HandleAsync(context);
        }

        if (StsEndpoint.IsFor(context))
        {
            return sts.HandleAsync(context);
        }

        // No bucket name starts with an underscore.
        if (context.Request.Path.StartsWithSegments(SlackEndpoint.Prefix, StringComparison.Ordinal, out PathString rest))
        {
            return slack.HandleAsync(context, rest.Value ?? "");
        }

        if (context.Request.Path == StatisticsPath && HttpMethods.IsGet(context.Request.Method))
        {
            return WriteStatisticsAsync(context);
        }

        return target.Length == 0
            ? s3.HandleAsync(context)
            : JsonAnswer.WriteAsync(context, new Refusal(400, "UnknownOperationException", $"The emulator has no operation '{target}'."));
    }

    private async Task WriteStatisticsAsync(HttpContext context)
    {
        using var body = new PooledBuffer(256);
        var writer = new Utf8JsonWriter(body);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteNumber("putLogEventsCalls"u8, calls.Total);
            writer.WriteNumber("acceptedLogEvents"u8, logStore.AcceptedEvents);
            writer.WriteNumber("acceptedLogBytes"u8, logStore.AcceptedBytes);
            writer.WriteEndObject();
        }

        await JsonAnswer.WriteAsync(context, 200, body.Memory).ConfigureAwait(false);
    }
}
