using System.Text.Json;

namespace IotOps.Shadow.Documents;

/// <summary>
/// Parts of a patch. Its members are the values that it sets or removes, arrays as one value, in the order of their names; a part has the
/// same members at the same places, only fewer of them. No part is null.
/// </summary>
internal static class PatchParts
{
    /// <summary>How many members there are.</summary>
    public static int Count(ShadowValue? patch)
    {
        if (patch is not { IsObject: true })
        {
            return patch is null ? 0 : 1;
        }

        int count = 0;
        foreach (ShadowValue value in patch.ValueSpan)
        {
            count += Count(value);
        }

        return count;
    }

    /// <summary>The first half of the members and the second.</summary>
    public static (ShadowValue? First, ShadowValue? Second) Halve(ShadowValue patch)
    {
        int count = Count(patch);
        int first = 0;
        int second = 0;
        return (Slice(patch, 0, count / 2, ref first), Slice(patch, count / 2, count, ref second));
    }

    /// <summary>Those members that another patch names, with the values of this one.</summary>
    public static ShadowValue? Named(ShadowValue patch, ShadowValue names)
    {
        if (!patch.IsObject || !names.IsObject)
        {
            return patch;
        }

        var part = new MemberList(patch.Count);
        for (int i = 0; i < patch.Count; i++)
        {
            string name = patch.NameSpan[i];
            part.Add(name, names.Member(name) is { } below ? Named(patch.ValueSpan[i], below) : null);
        }

        return part.ToObject();
    }

    /// <summary>All members but those that another patch has with the same value.</summary>
    public static ShadowValue? Without(ShadowValue? patch, ShadowValue other)
    {
        if (patch is not { IsObject: true } || !other.IsObject)
        {
            return other.Equals(patch) ? null : patch;
        }

        var part = new MemberList(patch.Count);
        for (int i = 0; i < patch.Count; i++)
        {
            string name = patch.NameSpan[i];
            part.Add(name, other.Member(name) is { } same ? Without(patch.ValueSpan[i], same) : patch.ValueSpan[i]);
        }

        return part.ToObject();
    }

    /// <summary>The members that set something more levels of names below this than a document may have. Removals make nothing deeper.</summary>
    public static ShadowValue? Deeper(ShadowValue patch, int levels)
    {
        if (!patch.IsObject)
        {
            return patch.Kind != JsonValueKind.Null && patch.Depth > levels ? patch : null;
        }

        var part = new MemberList(patch.Count);
        for (int i = 0; i < patch.Count; i++)
        {
            part.Add(patch.NameSpan[i], Deeper(patch.ValueSpan[i], levels - 1));
        }

        return part.ToObject();
    }

    private static ShadowValue? Slice(ShadowValue patch, int from, int to, ref int at)
    {
        if (!patch.IsObject)
        {
            bool isIn = at >= from && at < to;
            at++;
            return isIn ? patch : null;
        }

        var part = new MemberList(patch.Count);
        for (int i = 0; i < patch.Count; i++)
        {
            part.Add(patch.NameSpan[i], Slice(patch.ValueSpan[i], from, to, ref at));
        }

        return part.ToObject();
    }
}
