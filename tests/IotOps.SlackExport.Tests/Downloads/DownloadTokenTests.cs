using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Tests.Downloads;

public sealed class DownloadTokenTests
{
    // A document is found by half of the hash.
    [Fact]
    public void A_token_opens_only_the_link_with_its_whole_hash()
    {
        string token = DownloadToken.Create("logs-0123");
        string hash = DownloadToken.Hash(token);
        char last = hash[^1] == '0' ? '1' : '0';

        DownloadToken.Opens(token, Link(hash)).ShouldBeTrue();
        DownloadToken.Opens(token, Link(hash[..^1] + last)).ShouldBeFalse();
    }

    private static StoredDownload Link(string hash) => new() { Hash = hash, RequestId = "logs-0123", Writer = Guid.Empty, ExpiresAt = DateTimeOffset.MaxValue };
}
