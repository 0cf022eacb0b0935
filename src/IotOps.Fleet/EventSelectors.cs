using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using IotOps.Fleet.Selectors;

namespace IotOps.Fleet;

/// <summary>
/// The advanced event selectors of a trail: which events it logs. A set is checked when it is made, so one that exists would be taken by
/// CloudTrail. It is immutable and may be used by several threads.
/// See https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html.
/// </summary>
public sealed class EventSelectors
{
    /// <summary>Values in all conditions of all selectors together.</summary>
    public const int MaxValues = 500;

    /// <param name="selectors">At least one.</param>
    /// <param name="target">What they are for.</param>
    /// <exception cref="ArgumentException">CloudTrail would refuse them; the message names each selector, field and rule.</exception>
    public EventSelectors(IReadOnlyList<EventSelector> selectors, EventSelectorTarget target = EventSelectorTarget.Trail)
    {
        ArgumentNullException.ThrowIfNull(selectors);
        IReadOnlyList<EventSelectorProblem> problems = Validate(selectors, target);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(selectors));
        }

        All = [.. selectors];
    }

    /// <summary>The resource types of AWS IoT Greengrass' data events, and no other.</summary>
    public static IReadOnlyList<string> GreengrassTypes { get; } =
        ["AWS::IoT::Certificate", "AWS::GreengrassV2::ComponentVersion", "AWS::GreengrassV2::Deployment", "AWS::IoT::Thing"];

    /// <summary>The selectors; a record is logged when any chooses it.</summary>
    public IReadOnlyList<EventSelector> All { get; }

    /// <summary>All data events on resources of a type, such as <c>AWS::IoT::Thing</c>.</summary>
    public static EventSelectors AllData(string resourceType) => new([SelectorSets.Data(resourceType, $"All data events of {resourceType}")]);

    /// <summary>The data events on resources of a type that read.</summary>
    public static EventSelectors ReadOnlyData(string resourceType) =>
        new([SelectorSets.Data(resourceType, $"Reading data events of {resourceType}", SelectorSets.Equal("readOnly", "true"))]);

    /// <summary>The data events on resources of a type that write.</summary>
    public static EventSelectors WriteOnlyData(string resourceType) =>
        new([SelectorSets.Data(resourceType, $"Writing data events of {resourceType}", SelectorSets.Equal("readOnly", "false"))]);

    /// <summary>The data events of one API on resources of a type, such as <c>PutCertificateAuthorities</c> on <c>AWS::IoT::Thing</c>.</summary>
    public static EventSelectors OneApi(string resourceType, string eventName) =>
        new([SelectorSets.Data(resourceType, $"{eventName} on {resourceType}", SelectorSets.Equal("eventName", eventName))]);

    /// <summary>All data events of AWS IoT Greengrass: a selector for each of <see cref="GreengrassTypes"/>.</summary>
    public static EventSelectors AllGreengrassData() =>
        new([.. GreengrassTypes.Select(type => SelectorSets.Data(type, $"All data events of {type}"))]);

    /// <summary>Every rule that the selectors break; empty when CloudTrail would take them.</summary>
    public static IReadOnlyList<EventSelectorProblem> Validate(IReadOnlyList<EventSelector> selectors, EventSelectorTarget target = EventSelectorTarget.Trail)
    {
        ArgumentNullException.ThrowIfNull(selectors);
        return SelectorRules.Check(selectors, target);
    }

    /// <summary>
    /// Reads what <c>put-event-selectors --advanced-event-selectors</c> takes, or an object with a member <c>AdvancedEventSelectors</c>, as
    /// <c>get-event-selectors</c> prints it and <c>--cli-input-json</c> takes it.
    /// </summary>
    /// <exception cref="FormatException">It is no JSON, or CloudTrail would refuse it; the message has every problem.</exception>
    public static EventSelectors Parse(string json, EventSelectorTarget target = EventSelectorTarget.Trail) =>
        TryParse(json, target, out EventSelectors? selectors, out IReadOnlyList<EventSelectorProblem> problems)
            ? selectors
            : throw new FormatException(string.Join("; ", problems));

    /// <summary>Reads like <see cref="Parse"/>, and says what is wrong instead of throwing.</summary>
    public static bool TryParse(
        string json,
        EventSelectorTarget target,
        [NotNullWhen(true)] out EventSelectors? selectors,
        out IReadOnlyList<EventSelectorProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(json);
        selectors = null;
        var reader = new SelectorReader();
        IReadOnlyList<EventSelector> read = reader.Read(json);
        problems = reader.Problems.Count > 0 ? reader.Problems : Validate(read, target);
        if (problems.Count > 0)
        {
            return false;
        }

        selectors = new EventSelectors(read, target);
        return true;
    }

    /// <summary>Whether a trail with these selectors would log the record.</summary>
    /// <param name="record">A CloudTrail record: an object.</param>
    public bool Matches(JsonElement record) => Find(record) is not null;

    /// <summary>The first selector that chooses the record; null when none does.</summary>
    /// <param name="record">A CloudTrail record: an object.</param>
    public EventSelector? Find(JsonElement record) => All.FirstOrDefault(selector => SelectorMatch.Chooses(selector, record));

    /// <summary>Whether a trail with these selectors would log the record.</summary>
    public bool Matches(CloudTrailRecord record) => Find(record) is not null;

    /// <summary>The first selector that chooses the record; null when none does.</summary>
    public EventSelector? Find(CloudTrailRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Find(JsonElement.Parse(record.Json.Span));
    }

    /// <summary>The JSON that <c>put-event-selectors --advanced-event-selectors</c> takes, in UTF-8.</summary>
    public byte[] ToUtf8Json() => SelectorWriter.Write(All);
}
