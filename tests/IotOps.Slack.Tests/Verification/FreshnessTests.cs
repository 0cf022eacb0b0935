using IotOps.TestKit;

namespace IotOps.Slack.Tests.Verification;

public sealed class FreshnessTests
{
    private static readonly byte[] Body = "a=b"u8.ToArray();
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly SlackRequestVerifier _verifier;

    public FreshnessTests() =>
        _verifier = new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = [SignedRequest.Secret], TimeProvider = _clock });

    [Theory]
    [InlineData(-301, SlackVerification.Stale)]
    [InlineData(-300, SlackVerification.Accepted)]
    [InlineData(0, SlackVerification.Accepted)]
    [InlineData(300, SlackVerification.Accepted)]
    [InlineData(301, SlackVerification.Stale)]
    public async Task A_request_more_than_five_minutes_old_or_early_is_stale(int seconds, SlackVerification expected) =>
        (await VerifyAsync((1_700_000_000 + seconds).ToString())).ShouldBe(expected);

    [Fact]
    public async Task Parts_of_a_second_count()
    {
        _clock.Advance(TimeSpan.FromSeconds(300.5));
        (await VerifyAsync("1700000000")).ShouldBe(SlackVerification.Stale);
    }

    [Theory]
    [InlineData(null, SlackVerification.MissingTimestamp)]
    [InlineData("", SlackVerification.MissingTimestamp)]
    [InlineData(" 1700000000", SlackVerification.MalformedTimestamp)]
    [InlineData("1700000000\n", SlackVerification.MalformedTimestamp)]
    [InlineData("1700000000\0", SlackVerification.MalformedTimestamp)]
    [InlineData("+1700000000", SlackVerification.MalformedTimestamp)]
    [InlineData("-1700000000", SlackVerification.MalformedTimestamp)]
    [InlineData("1700000000.0", SlackVerification.MalformedTimestamp)]
    [InlineData("1,700,000,000", SlackVerification.MalformedTimestamp)]
    [InlineData("1.7e9", SlackVerification.MalformedTimestamp)]
    [InlineData("0x6553f100", SlackVerification.MalformedTimestamp)]
    [InlineData("１７００００００００", SlackVerification.MalformedTimestamp)]
    [InlineData("1700000000,1700000000", SlackVerification.MalformedTimestamp)]
    [InlineData("99999999999999999999", SlackVerification.MalformedTimestamp)]
    [InlineData("999999999999", SlackVerification.Stale)]
    [InlineData("1700000000000", SlackVerification.MalformedTimestamp)]
    public async Task A_timestamp_is_digits_and_nothing_else(string? timestamp, SlackVerification expected) =>
        (await VerifyAsync(timestamp)).ShouldBe(expected);

    [Fact]
    public async Task Freshness_is_looked_at_before_the_signature() =>
        (await _verifier.VerifyAsync(new SlackRequestHeaders("1", "nonsense"), Body)).ShouldBe(SlackVerification.Stale);

    [Fact]
    public void A_tolerance_out_of_range_is_refused()
    {
        Should.Throw<ArgumentException>(() => new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = ["x"], Tolerance = TimeSpan.Zero }));
        Should.Throw<ArgumentException>(() => new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = ["x"], Tolerance = TimeSpan.FromDays(1) }));
    }

    private async Task<SlackVerification> VerifyAsync(string? timestamp) =>
        await _verifier.VerifyAsync(new SlackRequestHeaders(timestamp, SignedRequest.Signature(timestamp ?? "", Body)), Body);
}
