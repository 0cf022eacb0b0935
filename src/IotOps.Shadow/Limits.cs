using IotOps.Shadow.Documents;

namespace IotOps.Shadow;

/// <summary>The service's limits of a document, held before anything is stored or sent.</summary>
internal static class Limits
{
    /// <summary>What is wrong with an edit; null when the service should take it.</summary>
    /// <param name="id">Which shadow.</param>
    /// <param name="before">The state before the edit.</param>
    /// <param name="after">The state after it.</param>
    /// <param name="maxDepth">The levels that the service takes, as far as is known.</param>
    /// <param name="options">The other limits.</param>
    public static ShadowRejectedException? Check(ShadowId id, ShadowValue before, ShadowValue after, int maxDepth, ShadowCacheOptions options)
    {
        // What is too deep already was refused, and stays until it is removed; it is no reason to refuse another edit.
        if (after.Depth > maxDepth + 1 && ShadowMerge.Diff(before, after) is { } patch && PatchParts.Deeper(patch, maxDepth + 1) is { } deep)
        {
            return TooDeep(id, ShadowPath.Leaves(deep), maxDepth);
        }

        return TooLarge(id, before, after, options);
    }

    /// <summary>Members have more levels of names than the service takes.</summary>
    public static ShadowRejectedException TooDeep(ShadowId id, IReadOnlyList<string> paths, int maxDepth) => new(
        id,
        400,
        $"Shadow {id} takes {maxDepth} levels of names below a section; {ShadowPath.List(paths)} would have more. Flatten it, or raise MaxDepth where the service takes more.")
    {
        Paths = paths,
    };

    /// <summary>A document that grows beyond what a shadow may have; null when it does not. One that shrinks is welcome, however large it still is.</summary>
    public static ShadowRejectedException? TooLarge(ShadowId id, ShadowValue before, ShadowValue? after, ShadowCacheOptions options)
    {
        int bytes = Bytes(after);
        return bytes <= options.MaxBytes || bytes < Bytes(before) ? null : new ShadowRejectedException(
            id,
            413,
            $"The document of shadow {id} would have {bytes} bytes, desired and reported together; MaxBytes is {options.MaxBytes}. Remove something, or raise MaxBytes where AWS has raised the quota.");
    }

    /// <summary>Desired and reported together.</summary>
    public static int Bytes(ShadowValue? state)
    {
        int bytes = 0;
        foreach (ShadowValue section in state is null ? [] : state.ValueSpan)
        {
            bytes += section.ByteLength;
        }

        return bytes;
    }
}
