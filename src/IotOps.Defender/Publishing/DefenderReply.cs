using IotOps.Defender.Wire;

namespace IotOps.Defender.Publishing;

/// <summary>The service's answer to a report.</summary>
internal sealed class DefenderReply
{
    private const int MaxCodeLength = 128;
    private const int MaxMessageLength = 1024;

    public required bool IsAccepted { get; init; }

    /// <summary>Which report; null where the service does not say, as in every rejection.</summary>
    public long? ReportId { get; private set; }

    public string Code { get; private set; } = "";

    public string Message { get; private set; } = "";

    public bool IsThrottled => Code.Contains("Throttl", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an answer. The id comes as <c>"reportId": 5</c>, or as a name of its own: <c>"5": ...</c>; both were seen.</summary>
    /// <exception cref="FormatException">It is no answer.</exception>
    public static DefenderReply Read(ReadOnlySpan<byte> payload, DefenderFormat format, bool isAccepted)
    {
        var reply = new DefenderReply { IsAccepted = isAccepted };
        var reader = new DocumentReader(payload, format);
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            if (name.SequenceEqual("reportId"u8))
            {
                reply.ReportId = reader.TryIntegerOrDigits(out long id) ? id : reply.ReportId;
            }
            else if (name.SequenceEqual("statusDetails"u8))
            {
                reply.ReadDetails(ref reader);
            }
            else
            {
                reply.ReportId ??= DocumentReader.TryDigits(name, out long id) ? id : null;
                reader.Skip();
            }
        }

        reader.End();
        return reply;
    }

    private void ReadDetails(scoped ref DocumentReader reader)
    {
        for (long left = reader.BeginMap(); reader.NextName(ref left, out ReadOnlySpan<byte> name);)
        {
            if (name.SequenceEqual("ErrorCode"u8))
            {
                Code = Short(reader.Text(), MaxCodeLength);
            }
            else if (name.SequenceEqual("ErrorMessage"u8))
            {
                Message = Short(reader.Text(), MaxMessageLength);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string Short(string text, int length) => text.Length <= length ? text : text[..length];
}
