using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>Answers whoever waits for the emulator to be up, without a signature: a container's health check, a script.</summary>
/// <param name="services">The signing names of its services.</param>
internal sealed class HealthEndpoint(IReadOnlyList<string> services) : IEndpoint
{
    private const string Path = "/_emulator/health";

    // No bucket name starts with an underscore.
    public bool IsFor(HttpContext context) => context.Request.Path == Path && HttpMethods.IsGet(context.Request.Method);

    public async Task HandleAsync(HttpContext context)
    {
        using var body = new PooledBuffer(256);
        var writer = new Utf8JsonWriter(body);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("status"u8, "up"u8);
            writer.WriteStartArray("services"u8);
            foreach (string service in services)
            {
                writer.WriteStringValue(service);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        await JsonAnswer.WriteAsync(context, 200, body.Memory).ConfigureAwait(false);
    }
}
