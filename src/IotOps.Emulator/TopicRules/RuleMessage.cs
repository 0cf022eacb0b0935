using System.Text.Json;

namespace IotOps.Emulator.TopicRules;

/// <summary>A message as a rule sees it.</summary>
/// <param name="Topic">The topic; of Basic Ingest without its first three levels.</param>
/// <param name="Payload">The payload.</param>
/// <param name="ClientId">Who published it; null for AWS IoT itself.</param>
/// <param name="Principal">The publisher's certificate id or access key.</param>
/// <param name="Time">When it came.</param>
internal sealed record RuleMessage(string Topic, ReadOnlyMemory<byte> Payload, string? ClientId, string? Principal, DateTimeOffset Time)
{
    private bool _isParsed;
    private JsonElement? _json;

    public string TraceId { get; } = Guid.NewGuid().ToString();

    /// <summary>The payload as JSON; null when it is something else.</summary>
    public JsonElement? Json
    {
        get
        {
            if (!_isParsed)
            {
                _isParsed = true;
                _json = Parse(Payload.Span);
            }

            return _json;
        }
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonElement.Parse(payload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
