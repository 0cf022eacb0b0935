namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>A bundle grew larger than one may be.</summary>
internal sealed class EvidenceLimitException(string message) : Exception(message)
{
    /// <exception cref="EvidenceLimitException">There are more bytes than may be.</exception>
    public static void ThrowIfBeyond(long bytes, long most)
    {
        if (bytes > most)
        {
            throw new EvidenceLimitException($"The bundle is larger than {most >> 20} MiB. Choose a shorter range, or use FleetTool evidence collect.");
        }
    }
}
