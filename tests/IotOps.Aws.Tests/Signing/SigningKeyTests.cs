using Amazon.Runtime;

namespace IotOps.Aws.Tests.Signing;

public sealed class SigningKeyTests
{
    private static readonly DateTimeOffset Day = new(2024, 2, 29, 23, 59, 59, TimeSpan.Zero);
    private static readonly SigV4Request Request = new() { Method = "GET", Path = "/", Headers = [new("Host", "h")] };

    [Fact]
    public void A_key_serves_a_day_of_one_pair_of_credentials()
    {
        using var signer = new SigV4Signer("us-east-1", "logs");
        var credentials = new ImmutableCredentials("A", "s", null);

        signer.Sign(Request, credentials, Day);
        signer.Sign(Request, credentials, Day.AddHours(-1));
        signer.CachedKeys.ShouldBe(1);

        signer.Sign(Request, credentials, Day.AddSeconds(1));
        signer.CachedKeys.ShouldBe(2);
    }

    [Fact]
    public void The_same_key_id_with_another_secret_signs_otherwise()
    {
        using var signer = new SigV4Signer("us-east-1", "logs");

        SigV4Signature one = signer.Sign(Request, new ImmutableCredentials("A", "one", null), Day);
        SigV4Signature two = signer.Sign(Request, new ImmutableCredentials("A", "two", null), Day);

        string.Equals(two.Authorization, one.Authorization, StringComparison.Ordinal).ShouldBeFalse();
    }

    [Fact]
    public void Equal_credentials_share_a_key_whatever_strings_they_are()
    {
        using var signer = new SigV4Signer("us-east-1", "logs");
        string secret = new('s', 40);
        string first = signer.Sign(Request, new ImmutableCredentials("A", secret, null), Day).Authorization;

        foreach (string other in new[] { secret, new string('s', 40), new string('s', 40), secret })
        {
            signer.Sign(Request, new ImmutableCredentials("A", other, null), Day).Authorization.ShouldBe(first);
        }

        signer.CachedKeys.ShouldBe(1);
    }

    [Fact]
    public void One_secret_under_two_key_ids_has_two_keys()
    {
        using var signer = new SigV4Signer("us-east-1", "logs");
        string secret = new('s', 40);

        signer.Sign(Request, new ImmutableCredentials("A", secret, null), Day);
        signer.Sign(Request, new ImmutableCredentials("B", secret, null), Day).Authorization.ShouldContain("Credential=B/");

        signer.CachedKeys.ShouldBe(2);
    }

    [Fact]
    public void The_cache_stays_small_and_what_was_forgotten_signs_the_same_again()
    {
        using var signer = new SigV4Signer("us-east-1", "logs");
        ImmutableCredentials Credentials(int i) => new($"A{i}", $"s{i}", null);
        string first = signer.Sign(Request, Credentials(0), Day).Authorization;

        for (int i = 1; i < 50; i++)
        {
            signer.Sign(Request, Credentials(i), Day);
        }

        signer.CachedKeys.ShouldBe(4);
        signer.Sign(Request, Credentials(0), Day).Authorization.ShouldBe(first);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(604_801)]
    public void A_presigned_URL_lives_at_most_seven_days(int seconds)
    {
        using var signer = new SigV4Signer("us-east-1", "s3");

        Should.Throw<ArgumentOutOfRangeException>(() =>
            signer.Presign(Request, new ImmutableCredentials("A", "s", null), Day, TimeSpan.FromSeconds(seconds)));
    }
}
