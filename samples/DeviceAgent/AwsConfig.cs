using IotOps.Samples.Configuration;

namespace IotOps.Samples.DeviceAgent;

/// <summary>How AWS is reached: <c>{ endpoint, fips, dualStack, caBundle, proxy }</c>; what is not given is the environment's or the profile's.</summary>
internal sealed class AwsConfig
{
    /// <summary>Where all AWS services are called, such as an emulator.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Calls FIPS endpoints only.</summary>
    public bool? Fips { get; init; }

    /// <summary>Calls endpoints that IPv6 reaches too.</summary>
    public bool? DualStack { get; init; }

    /// <summary>Absolute path of the roots to trust instead of the system's, PEM.</summary>
    public string? CaBundle { get; init; }

    /// <summary>HTTP proxy, for MQTT too, perhaps with user and password: not to be printed.</summary>
    public string? Proxy { get; init; }

    /// <summary>Reads the keys, which stand at the top of the document.</summary>
    public static AwsConfig Read(ConfigReader document, string directory) => new()
    {
        Endpoint = Url(document, "endpoint", "http", "https"),
        Fips = document.Has("fips") ? document.Boolean("fips", otherwise: false) : null,
        DualStack = document.Has("dualStack") ? document.Boolean("dualStack", otherwise: false) : null,
        CaBundle = document.String("caBundle") is { } file ? Path.Combine(directory, file) : null,
        Proxy = Url(document, "proxy", "http"),
    };

    /// <summary>
    /// Makes them the variables of this process: the SDK's credential chain, which calls AWS too, is told by nothing else. To be called before
    /// anything asks for them.
    /// </summary>
    public void Apply()
    {
        Set("AWS_ENDPOINT_URL", Endpoint);
        Set("AWS_USE_FIPS_ENDPOINT", Word(Fips));
        Set("AWS_USE_DUALSTACK_ENDPOINT", Word(DualStack));
        Set("AWS_CA_BUNDLE", CaBundle);
        foreach (string variable in (ReadOnlySpan<string>)["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"])
        {
            Set(variable, Proxy);
        }
    }

    private static void Set(string variable, string? value)
    {
        if (value is not null)
        {
            Environment.SetEnvironmentVariable(variable, value);
        }
    }

    private static string? Word(bool? value) => value switch
    {
        true => "true",
        false => "false",
        null => null,
    };

    // What is wrong with it is said without it: it may hold a password.
    private static string? Url(ConfigReader document, string key, params ReadOnlySpan<string> schemes)
    {
        string? value = document.String(key);
        if (value is not null && !(Uri.TryCreate(value, UriKind.Absolute, out Uri? uri) && schemes.Contains(uri.Scheme)))
        {
            document.Problem(key, $"must be an address that begins with {string.Join(":// or ", schemes.ToArray())}://");
        }

        return value;
    }
}
