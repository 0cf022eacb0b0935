using System.Text.Json;
using IotOps.Detect.Quarantine;

namespace IotOps.Detect;

/// <summary>A line of a quarantine's journal.</summary>
/// <param name="ViolationId">The quarantine.</param>
/// <param name="Sequence">1 for its first entry, one more for each.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Kind">What happened.</param>
public sealed record QuarantineEntry(string ViolationId, int Sequence, DateTimeOffset Time, QuarantineEntryKind Kind)
{
    /// <summary>The step that it is about; null for others.</summary>
    public int? Step { get; init; }

    /// <summary>Who began, approved or undid it.</summary>
    public string? By { get; init; }

    /// <summary>The error, the reason, or how the state was found.</summary>
    public string? Note { get; init; }

    /// <summary>The plan; in the first entry alone.</summary>
    public QuarantinePlan? Plan { get; init; }

    /// <summary>The entry as JSON.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, QuarantineJson.Default.QuarantineEntry);

    /// <summary>Reads an entry from JSON.</summary>
    /// <exception cref="FormatException">It is not an entry; the message says why.</exception>
    public static QuarantineEntry Parse(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8Json, QuarantineJson.Default.QuarantineEntry) ?? throw new FormatException("The entry is null.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The journal's entry cannot be read: {e.Message}", e);
        }
    }
}
