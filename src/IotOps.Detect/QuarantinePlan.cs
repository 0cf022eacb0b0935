using System.Text.Json;
using IotOps.Detect.Quarantine;

namespace IotOps.Detect;

/// <summary>
/// What a quarantine would do: the thing as it was found, whom else it hits, what is in the way, and each call with what undoes it. It changes
/// nothing; <see cref="QuarantineRunbook.ExecuteAsync"/> carries it out.
/// </summary>
public sealed record QuarantinePlan
{
    /// <summary>The violation.</summary>
    public required string ViolationId { get; init; }

    /// <summary>The thing.</summary>
    public required string Thing { get; init; }

    /// <summary>AWS IoT's id of the thing: another thing of the same name has another.</summary>
    public required string ThingId { get; init; }

    /// <summary>When the thing was read.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Why, as the request said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The thing's certificates.</summary>
    public IReadOnlyList<QuarantinedCertificate> Certificates { get; init; } = [];

    /// <summary>The groups that it was in.</summary>
    public IReadOnlyList<QuarantinedGroup> Groups { get; init; } = [];

    /// <summary>Why it is not carried out; those that are overridden too.</summary>
    public IReadOnlyList<QuarantineRefusal> Refusals { get; init; } = [];

    /// <summary>What is worth knowing and in nobody's way.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The calls in their order; those that revoke come last and wait for an approval.</summary>
    public IReadOnlyList<QuarantineStep> Steps { get; init; } = [];

    /// <summary>How many quarantines may begin within an hour.</summary>
    public required int HourlyLimit { get; init; }

    /// <summary>How long the thing is held before it may be revoked.</summary>
    public required TimeSpan HoldTime { get; init; }

    /// <summary>Other things that lose their access too, by name.</summary>
    public IEnumerable<string> OtherThings =>
        Certificates.SelectMany(certificate => certificate.OtherThings).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Whether nothing is in the way.</summary>
    public bool IsAllowed => Refusals.All(refusal => refusal.IsOverridden);

    /// <summary>The plan as text for a review, with a line break at the end.</summary>
    public string ToText() => PlanText.Of(this);

    /// <summary>The plan as JSON, which <see cref="Parse"/> reads.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, QuarantineJson.Default.QuarantinePlan);

    /// <summary>Reads a plan from JSON.</summary>
    /// <exception cref="FormatException">It is not a plan; the message says why.</exception>
    public static QuarantinePlan Parse(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            QuarantinePlan plan = JsonSerializer.Deserialize(utf8Json, QuarantineJson.Default.QuarantinePlan) ?? throw new FormatException("The plan is null.");
            return plan.Steps.Select((step, i) => step.Number == i + 1).All(isInPlace => isInPlace)
                ? plan
                : throw new FormatException("The steps of the plan are not numbered 1, 2, 3 and so on.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The plan cannot be read: {e.Message}", e);
        }
    }
}
