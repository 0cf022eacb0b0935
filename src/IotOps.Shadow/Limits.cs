namespace IotOps.Shadow;

/// <summary>The service's limits of a document, held before anything is stored or sent.</summary>
internal static class Limits
{
    /// <summary>What is wrong with a state; null when the service should take it.</summary>
    public static ShadowRejectedException? Check(ShadowId id, ShadowValue state, ShadowCacheOptions options)
    {
        int bytes = 0;
        foreach (ShadowValue section in state.ValueSpan)
        {
            bytes += section.ByteLength;
            if (section.Depth > options.MaxDepth)
            {
                return new ShadowRejectedException(
                    id,
                    400,
                    $"The document of shadow {id} would be {section.Depth} levels deep; MaxDepth is {options.MaxDepth}. Flatten it, or raise MaxDepth where the service takes more.");
            }
        }

        return bytes <= options.MaxBytes ? null : new ShadowRejectedException(
            id,
            413,
            $"The document of shadow {id} would have {bytes} bytes, desired and reported together; MaxBytes is {options.MaxBytes}. Remove something, or raise MaxBytes where AWS has raised the quota.");
    }
}
