namespace IotOps.SlackExport.Downloads;

/// <summary>Where browsers reach this program; a Lambda function learns it from its first event. Safe for concurrent use.</summary>
internal sealed class PublicAddress(Uri? configured)
{
    private Uri? _url = configured;

    /// <summary>Null where it is not known.</summary>
    public Uri? Url => Volatile.Read(ref _url);

    /// <summary>Takes an address unless one is known.</summary>
    public void Learn(Uri url) => Interlocked.CompareExchange(ref _url, url, null);
}
