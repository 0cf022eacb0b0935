using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using IotOps.Shadow.Documents;

namespace IotOps.Shadow;

/// <summary>
/// A shadow by a type of the application's. Edits send the properties that changed, and only those; members that the type does not know
/// stay as they are. Safe for concurrent use.
/// </summary>
/// <typeparam name="T">
/// A class or record whose properties are optional: what the shadow lacks keeps its default. A property that is serialised as null is removed.
/// Arrays are replaced whole, with whatever their items hold beside the type.
/// </typeparam>
#pragma warning disable MA0049 // It takes a type argument, so no name is ambiguous; and a typed shadow is what it is.
public sealed class Shadow<T>
#pragma warning restore MA0049
    where T : class
{
    private readonly JsonTypeInfo<T> _typeInfo;
    private Typed? _desired;
    private Typed? _reported;

    internal Shadow(DeviceShadow shadow, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        Untyped = shadow;
        _typeInfo = typeInfo;
    }

    /// <summary>The same shadow without the type.</summary>
    public DeviceShadow Untyped { get; }

    /// <summary>What the cloud wants. The same object until it changes: treat it as read-only.</summary>
    /// <exception cref="System.Text.Json.JsonException">The section does not fit the type.</exception>
    public T Desired => Read(ref _desired, Untyped.Desired.Value);

    /// <summary>What this device says it is. The same object until it changes: treat it as read-only.</summary>
    /// <exception cref="System.Text.Json.JsonException">The section does not fit the type.</exception>
    public T Reported => Read(ref _reported, Untyped.Reported.Value);

    /// <summary>Reports a state: what differs from what is reported now becomes the edit. Errors as of <see cref="ShadowView.SetAsync(string, ShadowValue, CancellationToken)"/>.</summary>
    /// <returns>The paths of the properties that changed.</returns>
    public ValueTask<IReadOnlyList<string>> ReportAsync(T state, CancellationToken cancellationToken = default) =>
        EditAsync(ShadowSection.Reported, _ => state, cancellationToken);

    /// <summary>Changes the reported state as one edit, on the newest there is. Errors as of <see cref="ShadowView.SetAsync(string, ShadowValue, CancellationToken)"/>.</summary>
    /// <param name="change">Makes the next state of the present one, such as <c>state => state with { Mode = "eco" }</c>; quick, and without effects.</param>
    /// <param name="cancellationToken">Ends the wait; the edit may still be made.</param>
    /// <returns>The paths of the properties that changed.</returns>
    public ValueTask<IReadOnlyList<string>> ReportAsync(Func<T, T> change, CancellationToken cancellationToken = default) =>
        EditAsync(ShadowSection.Reported, change, cancellationToken);

    /// <summary>Changes the desired state as one edit, on the newest there is. Errors as of <see cref="ShadowView.SetAsync(string, ShadowValue, CancellationToken)"/>.</summary>
    /// <param name="change">Makes the next state of the present one; quick, and without effects.</param>
    /// <param name="cancellationToken">Ends the wait; the edit may still be made.</param>
    /// <returns>The paths of the properties that changed.</returns>
    public ValueTask<IReadOnlyList<string>> DesireAsync(Func<T, T> change, CancellationToken cancellationToken = default) =>
        EditAsync(ShadowSection.Desired, change, cancellationToken);

    /// <summary>The deltas, the present one first, with the whole desired state by its type.</summary>
    public async IAsyncEnumerable<ShadowDelta<T>> DeltasAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ShadowDelta delta in Untyped.DeltasAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new ShadowDelta<T>(Desired, delta.Paths, delta);
        }
    }

    private async ValueTask<IReadOnlyList<string>> EditAsync(ShadowSection section, Func<T, T> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        string name = SectionNames.Of(section);
        List<string> changed = [];
        await Untyped.EditAsync(
            local =>
            {
                // Both sides go through the type, so that what it does not know is in neither and stays.
                T before = Parse(local.Member(name) ?? ShadowValue.EmptyObject);
                ShadowValue? from = ShadowMerge.Prune(ShadowValue.From(before, _typeInfo));
                ShadowValue? to = ShadowMerge.Prune(ShadowValue.From(change(before), _typeInfo));
                ShadowValue? known = local.Member(name) is { } document ? Known(document, from) : null;
                if (ShadowMerge.Diff(known, to) is not { } patch)
                {
                    return local;
                }

                ShadowPath.Leaves(patch, "", changed);
                return ShadowMerge.Apply(local, ShadowValue.FromSorted([name], [patch]));
            },
            cancellationToken).ConfigureAwait(false);
        return changed;
    }

    // What the type makes of the document, less its defaults: a property that is only there by default has not been reported yet.
    private static ShadowValue? Known(ShadowValue document, ShadowValue? typed)
    {
        if (!document.IsObject || typed is not { IsObject: true })
        {
            return typed;
        }

        var known = new MemberList(typed.Count);
        for (int i = 0; i < typed.Count; i++)
        {
            if (document.Member(typed.NameSpan[i]) is { } member)
            {
                known.Add(typed.NameSpan[i], Known(member, typed.ValueSpan[i]));
            }
        }

        return known.ToObject();
    }

    private T Read(ref Typed? cached, ShadowValue section)
    {
        Typed? typed = Volatile.Read(ref cached);
        if (typed is null || !ReferenceEquals(typed.Section, section))
        {
            typed = new Typed(section, Parse(section));
            Volatile.Write(ref cached, typed);
        }

        return typed.Value;
    }

    private T Parse(ShadowValue section) =>
        section.Deserialize(_typeInfo) ?? throw new InvalidOperationException($"{typeof(T).Name} reads an object as null; its converter must not.");

    private sealed record Typed(ShadowValue Section, T Value);
}
