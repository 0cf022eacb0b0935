namespace IotOps.Fleet;

/// <summary>
/// One advanced event selector: it chooses the records that fulfil all its conditions.
/// See https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html.
/// </summary>
/// <param name="Fields">At least one; <c>eventCategory</c> is required, and <c>resources.type</c> for data events.</param>
public sealed record EventSelector(IReadOnlyList<EventFieldSelector> Fields)
{
    /// <summary>Shown in the console; at most 1,000 characters.</summary>
    public string? Name { get; init; }
}
