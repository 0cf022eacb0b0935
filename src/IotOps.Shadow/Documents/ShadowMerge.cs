using System.Text.Json;

namespace IotOps.Shadow.Documents;

/// <summary>
/// What the shadow service does to documents: an update merges recursively, null removes, arrays are replaced whole. An object without
/// members is no state: the service drops it, so it is dropped here, and nothing can differ by it. Absent is null throughout.
/// </summary>
internal static class ShadowMerge
{
    /// <summary>A document after a patch; the very same object when nothing changes.</summary>
    public static ShadowValue? Apply(ShadowValue? document, ShadowValue? patch)
    {
        if (patch is null)
        {
            return document;
        }

        if (patch.Kind == JsonValueKind.Null)
        {
            return null;
        }

        if (!patch.IsObject)
        {
            return patch.Equals(document) ? document : patch;
        }

        ShadowValue target = document is { IsObject: true } ? document : ShadowValue.EmptyObject;
        var result = new MemberList(target.Count + patch.Count);
        bool changed = false;
        int t = 0;
        int p = 0;
        while (t < target.Count || p < patch.Count)
        {
            int order = Order(target, t, patch, p);
            if (order < 0)
            {
                result.Add(target.NameSpan[t], target.ValueSpan[t]);
                t++;
                continue;
            }

            ShadowValue? old = order == 0 ? target.ValueSpan[t++] : null;
            ShadowValue? merged = Apply(old, patch.ValueSpan[p]);
            changed |= !ReferenceEquals(old, merged);
            result.Add(patch.NameSpan[p++], merged);
        }

        return changed || document is not { IsObject: true } ? result.ToObject() : document;
    }

    /// <summary>The patch that makes one document another; null when they are equal.</summary>
    public static ShadowValue? Diff(ShadowValue? from, ShadowValue? to)
    {
        if (ReferenceEquals(from, to))
        {
            return null;
        }

        if (to is null)
        {
            return ShadowValue.Null;
        }

        if (from is not { IsObject: true } || !to.IsObject)
        {
            return to.Equals(from) ? null : to;
        }

        var patch = new MemberList(from.Count + to.Count);
        int f = 0;
        int t = 0;
        while (f < from.Count || t < to.Count)
        {
            int order = Order(from, f, to, t);
            string name = order <= 0 ? from.NameSpan[f] : to.NameSpan[t];
            patch.Add(name, Diff(order <= 0 ? from.ValueSpan[f] : null, order >= 0 ? to.ValueSpan[t] : null));
            f += order <= 0 ? 1 : 0;
            t += order >= 0 ? 1 : 0;
        }

        return patch.ToObject();
    }

    /// <summary>What the service calls the delta: everything desired that is not reported so; null when there is nothing.</summary>
    public static ShadowValue? Delta(ShadowValue? desired, ShadowValue? reported)
    {
        if (desired is null || ReferenceEquals(desired, reported))
        {
            return null;
        }

        if (reported is not { IsObject: true } || !desired.IsObject)
        {
            return desired.Equals(reported) ? null : desired;
        }

        var delta = new MemberList(desired.Count);
        for (int i = 0; i < desired.Count; i++)
        {
            delta.Add(desired.NameSpan[i], Delta(desired.ValueSpan[i], reported.Member(desired.NameSpan[i])));
        }

        return delta.ToObject();
    }

    /// <summary>A document with another value at a path; null removes what is there.</summary>
    /// <exception cref="ArgumentException">The path leads into an array.</exception>
    public static ShadowValue? Set(ShadowValue? document, ReadOnlySpan<string> path, ShadowValue? value)
    {
        if (path.IsEmpty)
        {
            return Prune(value);
        }

        if (document is { Kind: JsonValueKind.Array })
        {
            throw new ArgumentException($"The path goes into an array at '{path[0]}'; the shadow service replaces arrays whole: set the array.", nameof(path));
        }

        return With(document, path[0], Set(document?.Member(path[0]), path[1..], value));
    }

    /// <summary>An object with another value for one member; null removes it. What is no object counts as an empty one.</summary>
    public static ShadowValue? With(ShadowValue? document, string name, ShadowValue? value)
    {
        ShadowValue target = document is { IsObject: true } ? document : ShadowValue.EmptyObject;
        var result = new MemberList(target.Count + 1);
        bool placed = false;
        for (int i = 0; i < target.Count; i++)
        {
            int order = placed ? -1 : string.CompareOrdinal(target.NameSpan[i], name);
            if (order >= 0)
            {
                result.Add(name, value);
                placed = true;
            }

            if (order != 0)
            {
                result.Add(target.NameSpan[i], target.ValueSpan[i]);
            }
        }

        if (!placed)
        {
            result.Add(name, value);
        }

        return result.ToObject();
    }

    /// <summary>A document without nulls and empty objects; null when nothing is left. Arrays stay as they are.</summary>
    public static ShadowValue? Prune(ShadowValue? value) => value is { IsObject: true } ? Apply(null, value) : value is { Kind: JsonValueKind.Null } ? null : value;

    /// <summary>
    /// Moves a base to where the cloud is, for those values of an unanswered update that the cloud has: they are there because this device
    /// sent them, so the cloud has not changed them on its own.
    /// </summary>
    public static ShadowValue? Acknowledge(ShadowValue? document, ShadowValue? sent, ShadowValue? cloud)
    {
        if (sent is null)
        {
            return document;
        }

        if (!sent.IsObject)
        {
            ShadowValue? outcome = Prune(sent);
            return Equals(outcome, cloud) ? outcome : document;
        }

        ShadowValue? result = document;
        for (int i = 0; i < sent.Count; i++)
        {
            string name = sent.NameSpan[i];
            ShadowValue? before = document is { IsObject: true } ? document.Member(name) : null;
            ShadowValue? after = Acknowledge(before, sent.ValueSpan[i], cloud is { IsObject: true } ? cloud.Member(name) : null);
            if (!ReferenceEquals(before, after))
            {
                result = With(result, name, after);
            }
        }

        return result;
    }

    /// <summary>Which of two sorted objects has the next name: negative the first, positive the second, 0 both.</summary>
    public static int Order(ShadowValue first, int i, ShadowValue second, int j) =>
        i == first.Count ? 1 : j == second.Count ? -1 : string.CompareOrdinal(first.NameSpan[i], second.NameSpan[j]);
}
