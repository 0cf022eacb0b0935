namespace IotOps.Fleet.Selectors;

/// <summary>Builds the selectors that most trails have.</summary>
internal static class SelectorSets
{
    public static EventSelector Data(string resourceType, string name, params ReadOnlySpan<EventFieldSelector> more) =>
        new([Equal("eventCategory", "Data"), Equal("resources.type", resourceType), .. more]) { Name = name };

    public static EventFieldSelector Equal(string field, string value) => new(field) { EqualTo = [value] };
}
