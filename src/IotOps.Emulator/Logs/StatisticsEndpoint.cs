using System.Text.Json;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Logs;

/// <summary>Totals of accepted log events as unsigned JSON, for benchmarks that run the emulator in another process.</summary>
internal sealed class StatisticsEndpoint(LogStore store, RecentItems<PutLogEventsCall> calls) : IEndpoint
{
    private const string Path = "/_emulator/statistics";

    // No bucket name starts with an underscore.
    public bool IsFor(HttpContext context) => context.Request.Path == Path && HttpMethods.IsGet(context.Request.Method);

    public async Task HandleAsync(HttpContext context)
    {
        using var body = new PooledBuffer(256);
        var writer = new Utf8JsonWriter(body);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteNumber("putLogEventsCalls"u8, calls.Total);
            writer.WriteNumber("acceptedLogEvents"u8, store.AcceptedEvents);
            writer.WriteNumber("acceptedLogBytes"u8, store.AcceptedBytes);
            writer.WriteEndObject();
        }

        await JsonAnswer.WriteAsync(context, 200, body.Memory).ConfigureAwait(false);
    }
}
