namespace IotOps.Fleet;

/// <summary>
/// One condition of an <see cref="EventSelector"/>. A record fulfils it when its field has any of the wanted values and none of the unwanted ones.
/// There are no wildcards, and case matters. See https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html.
/// </summary>
/// <param name="Field">A field of the record, such as <c>eventName</c> or <c>resources.ARN</c>.</param>
public sealed record EventFieldSelector(string Field)
{
    /// <summary>Wanted whole values, <c>Equals</c> in JSON. Each list is null or has values of 1-2,048 characters.</summary>
    public IReadOnlyList<string>? EqualTo { get; init; }

    /// <summary>Wanted beginnings.</summary>
    public IReadOnlyList<string>? StartsWith { get; init; }

    /// <summary>Wanted ends.</summary>
    public IReadOnlyList<string>? EndsWith { get; init; }

    /// <summary>Unwanted whole values, <c>NotEquals</c> in JSON.</summary>
    public IReadOnlyList<string>? NotEqualTo { get; init; }

    /// <summary>Unwanted beginnings.</summary>
    public IReadOnlyList<string>? NotStartsWith { get; init; }

    /// <summary>Unwanted ends.</summary>
    public IReadOnlyList<string>? NotEndsWith { get; init; }
}
