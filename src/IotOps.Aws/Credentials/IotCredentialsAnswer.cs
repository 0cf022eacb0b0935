namespace IotOps.Aws.Credentials;

/// <summary>The endpoint's answer; every part may be missing.</summary>
internal sealed record IotCredentialsAnswer(IotCredentialsAnswer.Keys? Credentials)
{
    internal sealed record Keys(string? AccessKeyId, string? SecretAccessKey, string? SessionToken, DateTimeOffset? Expiration);
}
