using System.Buffers;
using System.Text.Json;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Logs;

/// <summary>
/// StartLiveTail: an answer that stays open, with what was accepted in each second, until the client leaves, three hours are over or the emulator ends.
/// See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html.
/// </summary>
internal sealed class StartLiveTail(LogStore store)
{
    private static readonly TimeSpan Update = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    public async Task RunAsync(HttpContext context, JsonInput input, string region)
    {
        var session = new LiveTailSession(LiveTailRequest.Read(input, store), store.Options.AccountId, region);
        if (!store.Tails.TryAdd(session))
        {
            throw new Refusal(400, "LimitExceededException", "As many Live Tail sessions as there may be are open already.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, store.Tails.Stopped);
        try
        {
            long begin = store.Options.TimeProvider.GetTimestamp();
            using var timer = new PeriodicTimer(Update, store.Options.TimeProvider);
            context.Response.ContentType = EventStreamMessage.ContentType;
            await SendAsync(context, EventStreamMessage.Event("initial-response", "{}"u8), stop.Token).ConfigureAwait(false);
            await SendAsync(context, EventStreamMessage.Event("sessionStart", Json(json => WriteStart(json, context, session.Request))), stop.Token).ConfigureAwait(false);
            while (store.Options.TimeProvider.GetElapsedTime(begin) < Longest && await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                await SendAsync(context, EventStreamMessage.Event("sessionUpdate", Json(json => WriteUpdate(json, session))), stop.Token).ConfigureAwait(false);
            }

            byte[] timeout = Json(static json => json.WriteString("message"u8, "Your session has timed out."u8));
            await SendAsync(context, EventStreamMessage.Exception("SessionTimeoutException", timeout), stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            context.Abort();
        }
        finally
        {
            store.Tails.Remove(session);
        }
    }

    private static async Task SendAsync(HttpContext context, byte[] message, CancellationToken cancellationToken)
    {
        await context.Response.BodyWriter.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        await context.Response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void WriteStart(Utf8JsonWriter json, HttpContext context, LiveTailRequest request)
    {
        json.WriteString("requestId"u8, context.Response.Headers["x-amzn-RequestId"].ToString());
        json.WriteString("sessionId"u8, Guid.NewGuid().ToString());
        request.Write(json);
    }

    private static void WriteUpdate(Utf8JsonWriter json, LiveTailSession session)
    {
        (IReadOnlyList<(string Stream, string Identifier, string Message, long Timestamp, long Ingestion)> events, bool isSampled) = session.Take();
        json.WriteStartObject("sessionMetadata"u8);
        json.WriteBoolean("sampled"u8, isSampled);
        json.WriteEndObject();
        json.WriteStartArray("sessionResults"u8);
        foreach ((string stream, string identifier, string message, long timestamp, long ingestion) in events)
        {
            json.WriteStartObject();
            json.WriteString("logStreamName"u8, stream);
            json.WriteString("logGroupIdentifier"u8, identifier);
            json.WriteString("message"u8, message);
            json.WriteNumber("timestamp"u8, timestamp);
            json.WriteNumber("ingestionTime"u8, ingestion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }
}
