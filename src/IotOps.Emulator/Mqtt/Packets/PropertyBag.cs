namespace IotOps.Emulator.Mqtt.Packets;

/// <summary>The properties of one packet, in their order. Immutable.</summary>
internal sealed class PropertyBag(IReadOnlyList<Property> all)
{
    public static PropertyBag Empty { get; } = new([]);

    public IReadOnlyList<Property> All { get; } = all;

    public uint? Number(PropertyId id) => Find(id)?.Number;

    public string? Text(PropertyId id) => Find(id)?.Text;

    public ReadOnlyMemory<byte>? Data(PropertyId id) => Find(id)?.Data;

    public bool Has(PropertyId id) => Find(id) is not null;

    /// <summary>These without one kind.</summary>
    public PropertyBag Without(params PropertyId[] ids)
    {
        var kept = new List<Property>(All.Count);
        foreach (Property property in All)
        {
            if (Array.IndexOf(ids, property.Id) < 0)
            {
                kept.Add(property);
            }
        }

        return kept.Count == All.Count ? this : new PropertyBag(kept);
    }

    public PropertyBag With(Property property) => new([.. All, property]);

    private Property? Find(PropertyId id)
    {
        foreach (Property property in All)
        {
            if (property.Id == id)
            {
                return property;
            }
        }

        return null;
    }
}
