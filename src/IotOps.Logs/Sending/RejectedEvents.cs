using System.Text.Json;

namespace IotOps.Logs.Sending;

/// <summary>Which events of an accepted request the service left out because of their times: the first ones, the last ones, or both.</summary>
/// <param name="FirstAccepted">Index of the first event not too old and not expired.</param>
/// <param name="FirstTooNew">Index of the first event too far ahead.</param>
internal readonly record struct RejectedEvents(int FirstAccepted, int FirstTooNew)
{
    /// <summary>None.</summary>
    public static RejectedEvents None { get; } = new(0, int.MaxValue);

    /// <summary>True when the event at this index was taken.</summary>
    public bool Accepted(int index) => index >= FirstAccepted && index < FirstTooNew;

    /// <summary>Reads the answer to PutLogEvents; false when it is not one, as when a proxy answered in the service's place.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RejectedEvents rejected)
    {
        int firstAccepted = 0;
        int firstTooNew = int.MaxValue;
        rejected = default;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 2)
                {
                    continue;
                }

                if (reader.ValueTextEquals("tooOldLogEventEndIndex"u8) || reader.ValueTextEquals("expiredLogEventEndIndex"u8))
                {
                    reader.Read();
                    firstAccepted = Math.Max(firstAccepted, reader.GetInt32());
                }
                else if (reader.ValueTextEquals("tooNewLogEventStartIndex"u8))
                {
                    reader.Read();
                    firstTooNew = Math.Min(firstTooNew, reader.GetInt32());
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        rejected = new RejectedEvents(firstAccepted, firstTooNew);
        return true;
    }
}
