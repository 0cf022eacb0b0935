using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Store;

/// <summary>All that is known of one shadow at one moment. Immutable: who holds one sees no edit half done.</summary>
internal sealed record ShadowState
{
    private ShadowValue? _pending;
    private ShadowValue? _desired;
    private ShadowValue? _reported;

    public static ShadowState Empty { get; } = new();

    /// <summary>The sections as the cloud had them at <see cref="Version"/>.</summary>
    public ShadowValue Cloud { get; init; } = ShadowValue.EmptyObject;

    /// <summary>The sections as this device has them; the very same object as <see cref="Cloud"/> when nothing waits.</summary>
    public ShadowValue Local { get; init; } = ShadowValue.EmptyObject;

    /// <summary>The service's metadata of <see cref="Cloud"/>.</summary>
    public ShadowValue Metadata { get; init; } = ShadowValue.EmptyObject;

    /// <summary>The update that may or may not have reached the service: what of it the cloud has, this device put there.</summary>
    public ShadowValue? Sent { get; init; }

    /// <summary>The cloud's version; 0 before the first word from it.</summary>
    public long Version { get; init; }

    /// <summary>The service's time of <see cref="Version"/>, in Unix seconds.</summary>
    public long Timestamp { get; init; }

    /// <summary>Whether the cloud had a shadow at the last word from it.</summary>
    public bool Exists { get; init; }

    /// <summary>The shadow was deleted here, and the cloud has not confirmed it.</summary>
    public bool DeletePending { get; init; }

    /// <summary>The patch that the cloud still lacks; null when there is none.</summary>
    public ShadowValue? Pending =>
        ReferenceEquals(Cloud, Local) ? null : _pending ??= ShadowMerge.Diff(Cloud, Local);

    /// <summary>A section of <see cref="Local"/>; remembered, because this is on the way of every read.</summary>
    public ShadowValue Section(ShadowSection section) => section == ShadowSection.Desired
        ? _desired ??= Local.Member(SectionNames.Desired) ?? ShadowValue.EmptyObject
        : _reported ??= Local.Member(SectionNames.Reported) ?? ShadowValue.EmptyObject;

    /// <summary>A copy with another local state, sharing the cloud's object when they are equal.</summary>
    public ShadowState WithLocal(ShadowValue? local) => With(Cloud, local ?? ShadowValue.EmptyObject);

    /// <summary>A copy with other documents. Not by <c>with</c> alone: what is remembered belongs to the old ones.</summary>
    public ShadowState With(ShadowValue cloud, ShadowValue local) =>
        this with { Cloud = cloud, Local = local.Equals(cloud) ? cloud : local, _pending = null, _desired = null, _reported = null };
}
