using Amazon.Runtime;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>Another's credentials, with an end.</summary>
internal sealed class EndingCredentials : AWSCredentials
{
    private readonly AWSCredentials _other;

    public EndingCredentials(AWSCredentials other, DateTimeOffset end)
    {
        _other = other;
        Expiration = end.UtcDateTime;
    }

    public override ImmutableCredentials GetCredentials() => _other.GetCredentials();
}
