using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using IotOps.Shadow.Documents;

namespace IotOps.Shadow;

/// <summary>
/// One section of a shadow as this device has it: reads come from memory, edits are durable when they return. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Paths are names separated by <c>/</c>, such as <c>wifi/rssi</c>: JSON pointers (RFC 6901) whose first slash may be left out, with
/// <c>~1</c> for a slash in a name and <c>~0</c> for a tilde. The empty path is the whole section. The service drops empty objects and
/// takes no nulls: both mean that nothing is there.
/// </remarks>
public sealed class ShadowView
{
    private readonly DeviceShadow _shadow;
    private readonly string _name;

    internal ShadowView(DeviceShadow shadow, ShadowSection section)
    {
        _shadow = shadow;
        Section = section;
        _name = SectionNames.Of(section);
    }

    /// <summary>Which half of the shadow's state.</summary>
    public ShadowSection Section { get; }

    /// <summary>The whole section, an object; it never changes: later edits make another.</summary>
    public ShadowValue Value => _shadow.State.Section(Section);

    /// <summary>The value at a path; null when there is none.</summary>
    public ShadowValue? this[string path] => TryGet(path, out ShadowValue? value) ? value : null;

    /// <summary>The value at a path, from memory and without allocating.</summary>
    public bool TryGet(string path, [NotNullWhen(true)] out ShadowValue? value) => Value.TryGet(path, out value);

    /// <summary>When the cloud took a field's value, to the second; null when it has said none, or the field is only on the device.</summary>
    /// <param name="path">The field; of an object the newest of its fields.</param>
    public DateTimeOffset? GetTimestamp(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _shadow.State.Metadata.Member(_name) is { } section && ShadowPath.Find(section, path) is { } found && Newest(found) is var seconds and > 0
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }

    /// <summary>Sets the value at a path, replacing what was there; returns when that is durable.</summary>
    /// <param name="path">Where.</param>
    /// <param name="value">What; <see cref="ShadowValue.Null"/> removes.</param>
    /// <param name="cancellationToken">Ends the wait; the edit may still be made.</param>
    /// <exception cref="ShadowRejectedException">The document would be too large (413) or too deep (400).</exception>
    /// <exception cref="ArgumentException">The path leads into an array, or an array holds a null.</exception>
    /// <exception cref="IOException">It could not be stored, and nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">The cache only mirrors the cloud (<see cref="ShadowDirection.FromCloud"/>).</exception>
    public async ValueTask SetAsync(string path, ShadowValue value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        string[] names = [_name, .. ShadowPath.Split(path)];
        RequireObject(names, value);
        await _shadow.EditAsync(local => ShadowMerge.Set(local, names, value), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces the whole section; errors as of <see cref="SetAsync(string, ShadowValue, CancellationToken)"/>.</summary>
    public ValueTask SetAsync(ShadowValue document, CancellationToken cancellationToken = default) => SetAsync("", document, cancellationToken);

    /// <summary>Merges a patch as the service does: objects member by member, nulls remove, the rest replaces. Errors as of <see cref="SetAsync(string, ShadowValue, CancellationToken)"/>.</summary>
    public async ValueTask MergeAsync(ShadowValue patch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        RequireObject([_name], patch);
        ShadowValue whole = ShadowValue.FromSorted([_name], [patch]);
        await _shadow.EditAsync(local => ShadowMerge.Apply(local, whole), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the value at a path; nothing happens when there is none. Errors as of <see cref="SetAsync(string, ShadowValue, CancellationToken)"/>.</summary>
    public ValueTask RemoveAsync(string path, CancellationToken cancellationToken = default) => SetAsync(path, ShadowValue.Null, cancellationToken);

    private static void RequireObject(string[] names, ShadowValue value)
    {
        if (names.Length == 1 && !value.IsObject && value.Kind != JsonValueKind.Null)
        {
            throw new ArgumentException($"A section is an object, not {value.Kind}; set a member by its path.", nameof(value));
        }
    }

    private static long Newest(ShadowValue metadata)
    {
        long newest = 0;
        for (int i = 0; i < metadata.Count; i++)
        {
            ShadowValue member = metadata.ValueSpan[i];
            long seconds = member.TryGetInt64(out long own) && metadata.IsObject && metadata.NameSpan[i] == "timestamp" ? own : Newest(member);
            newest = Math.Max(newest, seconds);
        }

        return newest;
    }
}
