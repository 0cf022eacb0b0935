using Amazon.Runtime;

namespace IotOps.Aws.Credentials;

/// <summary>Credentials found by a chain at each use; the chain itself caches.</summary>
internal sealed class ChainCredentials(Func<AWSCredentials> find, Func<Task<AWSCredentials>> findAsync) : AWSCredentials
{
    private static readonly string[] OptionalPackages = ["AWSSDK.SecurityToken", "AWSSDK.SSOOIDC", "AWSSDK.SSO", "AWSSDK.Signin"];

    private volatile AWSCredentials? _found;

    /// <summary>When what the chain found last ends; null when it does not, or is not known to.</summary>
    public override DateTime? Expiration => _found?.Expiration;

    /// <summary>The credentials whose keys can be replaced: these, or what a chain found last; null when neither can.</summary>
    public static RefreshingAWSCredentials? Refreshable(AWSCredentials credentials) =>
        (credentials is ChainCredentials chain ? chain._found : credentials) as RefreshingAWSCredentials;

    public override ImmutableCredentials GetCredentials()
    {
        try
        {
            AWSCredentials found = _found = find();
            return found.GetCredentials();
        }
        catch (Exception e) when (e is InvalidOperationException || MissingPackage(e) is not null)
        {
            throw Failure(e);
        }
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            AWSCredentials found = _found = await findAsync().ConfigureAwait(false);
            return await found.GetCredentialsAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException || MissingPackage(e) is not null)
        {
            throw Failure(e);
        }
    }

    // The SDK loads these by name and says so in words of its own, other ones under NativeAOT.
    private static string? MissingPackage(Exception e) =>
        e is InvalidOperationException || e.GetType().Name is "MissingRuntimeDependencyException"
            ? OptionalPackages.FirstOrDefault(p => e.Message.Contains(p, StringComparison.Ordinal))
            : null;

    private static AwsException Failure(Exception e) => new(
        MissingPackage(e) is { } package
            ? $"The AWS profile in use needs the package {package}: add it to the application (with NativeAOT or trimming also <TrimmerRootAssembly Include=\"{package}\" />)."
            : $"No AWS credentials: {e.Message.TrimEnd('.')}. Set AWS_PROFILE or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or give credentials.",
        e)
    {
        Service = "sts",
        Operation = "GetCredentials",
        Code = Calls.AwsFailures.NoCredentialsCode,
    };
}
