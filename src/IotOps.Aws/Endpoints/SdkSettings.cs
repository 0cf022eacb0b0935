namespace IotOps.Aws.Endpoints;

/// <summary>
/// What the AWS variables say about connections, else the profile that <c>AWS_PROFILE</c> names, in the order of the AWS SDKs. See
/// <see href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html"/>.
/// </summary>
internal sealed class SdkSettings
{
    private const string S3DualStack = "s3.use_dualstack_endpoint";

    private readonly Func<string, string?> _environment;
    private readonly string _profile;
    private readonly Lazy<SharedConfigFile> _config;
    private readonly Lazy<SharedConfigFile> _credentials;

    /// <param name="environment">Reads a variable; null reads the process's own.</param>
    public SdkSettings(Func<string, string?>? environment = null)
    {
        _environment = environment ?? Environment.GetEnvironmentVariable;
        _profile = Variable("AWS_PROFILE") ?? "default";
        _config = new(() => ReadFile("AWS_CONFIG_FILE", "config"));
        _credentials = new(() => ReadFile("AWS_SHARED_CREDENTIALS_FILE", "credentials"));
    }

    /// <summary>Only endpoints with FIPS 140 validated cryptography may be called.</summary>
    public bool UseFips => Boolean("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");

    /// <summary>Endpoints that IPv6 reaches too are called. S3 has a key of its own in the profile, older than the common one.</summary>
    public bool UseDualStack(AwsService service) =>
        Boolean("AWS_USE_DUALSTACK_ENDPOINT", service == AwsService.S3 && OfProfile(S3DualStack) is not null ? S3DualStack : "use_dualstack_endpoint");

    /// <summary>File of the roots to trust instead of the system's; null trusts the system's.</summary>
    public string? CaBundle => Variable("AWS_CA_BUNDLE") ?? OfProfile("ca_bundle");

    /// <summary>The endpoint that is configured for a service, or for all; null takes the region's.</summary>
    /// <exception cref="ArgumentException">It is no http or https URL.</exception>
    public Uri? EndpointOf(AwsService service)
    {
        if (Boolean("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
        {
            return null;
        }

        string variable = $"AWS_ENDPOINT_URL_{service.EndpointVariable}";
        return Url(variable, Variable(variable))
            ?? Url("AWS_ENDPOINT_URL", Variable("AWS_ENDPOINT_URL"))
            ?? Url($"endpoint_url of {service.EndpointVariable} in AWS profile '{_profile}'", OfServices(service))
            ?? Url($"endpoint_url of AWS profile '{_profile}'", OfProfile("endpoint_url"));
    }

    private static Uri? Url(string name, string? value) => value switch
    {
        null => null,
        _ when Uri.TryCreate(value, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https" => endpoint,
        _ => throw new ArgumentException($"{name} must be an absolute http or https URL, but is '{value}'.", name),
    };

    // The SDKs differ on "yes" and "1". Who demands FIPS must not get another endpoint for it.
    private bool Boolean(string variable, string key)
    {
        (string name, string? value) = Variable(variable) is { } set ? (variable, set) : ($"{key} of AWS profile '{_profile}'", OfProfile(key));
        return value is not null
            && (bool.TryParse(value, out bool isTrue) ? isTrue : throw new ArgumentException($"{name} must be true or false, but is '{value}'.", name));
    }

    private string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    private string? OfServices(AwsService service) =>
        OfProfile("services") is { } services ? _config.Value.Value($"services {services}", $"{service.EndpointVariable.ToLowerInvariant()}.endpoint_url") : null;

    // The file of credentials goes first, as in botocore; its sections are named without "profile".
    private string? OfProfile(string key) =>
        _credentials.Value.Value(_profile, key)
        ?? _config.Value.Value($"profile {_profile}", key)
        ?? (_profile == "default" ? _config.Value.Value(_profile, key) : null);

    private SharedConfigFile ReadFile(string variable, string name) => SharedConfigFile.Read(
        Variable(variable) ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws", name));
}
