using System.Net;
using System.Net.Security;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Aws.Credentials;

/// <summary>Mutual TLS with a device's certificate.</summary>
internal sealed class DeviceTls
{
    private readonly IotCredentialsProviderOptions _options;
    private readonly string? _caFile;
    private readonly IWebProxy? _proxy;
    private readonly AddressRace _race;
    private readonly ExposedKeys _exposed = new();
    private readonly ILogger _logger;

    /// <param name="options">Who connects, and where to.</param>
    /// <param name="caBundle">Roots to trust where the options name none; null trusts the system's.</param>
    /// <param name="proxy">The way out; null takes the system's.</param>
    /// <param name="race">Replaces the network.</param>
    public DeviceTls(IotCredentialsProviderOptions options, string? caBundle = null, IWebProxy? proxy = null, AddressRace? race = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _logger = options.LoggerFactory.CreateLogger<IotCredentialsProvider>();
        _caFile = options.CaFile ?? caBundle;
        _proxy = proxy;
        _race = race ?? new AddressRace(TimeProvider.System);
        string? wrong = options switch
        {
            { Endpoint: not { IsAbsoluteUri: true, Scheme: "https" } } =>
                $"Endpoint must be an https URL, but is '{options.Endpoint}'.",
            _ when !IsRoleAlias(options.RoleAlias) =>
                $"RoleAlias must be 1 to 128 letters, digits or any of _ = , @ -, but is '{options.RoleAlias}'.",
            { Certificate: not null, CertificateFile: not null } => "Give Certificate or CertificateFile, not both.",
            { Certificate: null, CertificateFile: null } => "Give CertificateFile with PrivateKeyFile, or Certificate.",
            { CertificateFile: not null, PrivateKeyFile: null } => "CertificateFile needs PrivateKeyFile beside it.",
            { Certificate.HasPrivateKey: false } => "Certificate has no private key.",
            _ when options.Timeout <= TimeSpan.Zero => "Timeout must be longer than zero.",
            _ when options.RefreshBefore < TimeSpan.Zero => "RefreshBefore cannot be negative.",
            _ => null,
        };
        _options = wrong is null ? options : throw new ArgumentException(wrong, nameof(options));
    }

    /// <summary>A transport with the certificate as it is now. The files are read here.</summary>
    /// <exception cref="DeviceCertificateException">A file is missing, or not what it should be.</exception>
    public HttpMessageHandler Connect()
    {
        if (_exposed.Find(_options.PrivateKeyFile) is { } mode)
        {
            Log.KeyIsExposed(_logger, _options.PrivateKeyFile!, mode);
        }

        var pem = new PemCertificates((message, cause) => new DeviceCertificateException(message, cause));
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                // SNI: the endpoint serves many accounts and needs to know which.
                TargetHost = _options.Endpoint.IdnHost,
                ClientCertificateContext = _options.Certificate is { } given
                    ? PemCertificates.Client(given)
                    : pem.Client(_options.CertificateFile!, _options.PrivateKeyFile!),
                RemoteCertificateValidationCallback = ServerCertificate.Check,
                CertificateChainPolicy = _caFile is { } caFile ? pem.Trust(caFile) : null,
            },
            Proxy = _proxy,
            ConnectCallback = _race.OpenAsync,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
    }

    private static bool IsRoleAlias(string? alias) =>
        alias is { Length: >= 1 and <= 128 } && alias.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '=' or ',' or '@' or '-');
}
