namespace IotOps.Shadow.Documents;

/// <summary>
/// Brings two sides together after a time apart, per field: changed on one side only, that side; changed on both, whom the resolver says.
/// </summary>
/// <param name="id">Which shadow, for the resolvers.</param>
/// <param name="desired">Decides in the desired section.</param>
/// <param name="reported">Decides in the reported section.</param>
internal sealed class ThreeWayMerge(ShadowId id, ShadowConflictResolver desired, ShadowConflictResolver reported)
{
    /// <summary>Merges whole states: objects of sections.</summary>
    /// <param name="common">What both sides had when they last agreed.</param>
    /// <param name="device">What this device has.</param>
    /// <param name="cloud">What the cloud has; the very same object is returned when that is the outcome.</param>
    public ShadowValue State(ShadowValue common, ShadowValue device, ShadowValue cloud)
    {
        if (ReferenceEquals(common, device) || device.Equals(cloud))
        {
            return cloud;
        }

        var sections = new MemberList(2);
        sections.Add(SectionNames.Desired, Section(ShadowSection.Desired, common, device, cloud));
        sections.Add(SectionNames.Reported, Section(ShadowSection.Reported, common, device, cloud));
        ShadowValue merged = sections.ToObject() ?? ShadowValue.EmptyObject;
        return merged.Equals(cloud) ? cloud : merged;
    }

    private ShadowValue? Section(ShadowSection section, ShadowValue common, ShadowValue device, ShadowValue cloud)
    {
        string name = SectionNames.Of(section);
        return Merge(section, "", common.Member(name), device.Member(name), cloud.Member(name));
    }

    private ShadowValue? Merge(ShadowSection section, string path, ShadowValue? common, ShadowValue? device, ShadowValue? cloud)
    {
        if (Equals(device, cloud) || Equals(device, common))
        {
            return cloud;
        }

        if (Equals(cloud, common))
        {
            return device;
        }

        if (common is null or { IsObject: true } && device is null or { IsObject: true } && cloud is null or { IsObject: true })
        {
            return Members(section, path, common, device ?? ShadowValue.EmptyObject, cloud ?? ShadowValue.EmptyObject);
        }

        ShadowConflictResolver resolver = section == ShadowSection.Desired ? desired : reported;
        return ShadowMerge.Prune(resolver(new ShadowConflict(id, section, path, common, device, cloud)));
    }

    private ShadowValue? Members(ShadowSection section, string path, ShadowValue? common, ShadowValue device, ShadowValue cloud)
    {
        var merged = new MemberList(device.Count + cloud.Count);
        int d = 0;
        int c = 0;
        while (d < device.Count || c < cloud.Count)
        {
            int order = ShadowMerge.Order(device, d, cloud, c);
            string name = order <= 0 ? device.NameSpan[d] : cloud.NameSpan[c];
            merged.Add(
                name,
                Merge(
                    section,
                    ShadowPath.Join(path, name),
                    common?.Member(name),
                    order <= 0 ? device.ValueSpan[d] : null,
                    order >= 0 ? cloud.ValueSpan[c] : null));
            d += order <= 0 ? 1 : 0;
            c += order >= 0 ? 1 : 0;
        }

        return merged.ToObject();
    }
}
