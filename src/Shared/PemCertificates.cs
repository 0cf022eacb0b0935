using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IotOps.Shared;

/// <summary>Certificates for mutual TLS from PEM files, which are read at each call: a rotated certificate is used from the next connection on.</summary>
/// <param name="error">Makes the exception of a file that is missing or not what it should be, of a message and a cause.</param>
internal sealed class PemCertificates(Func<string, Exception?, Exception> error)
{
    /// <summary>A client's own certificate, given as an object.</summary>
    public static SslStreamCertificateContext Client(X509Certificate2 certificate) =>
        SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);

    /// <summary>A client's own certificate, its private key, and the intermediate certificates that follow it in its file.</summary>
    /// <param name="certificateFile">PEM.</param>
    /// <param name="privateKeyFile">PEM.</param>
    /// <param name="passPhrase">Of an encrypted key (PKCS#8); null when it is not encrypted.</param>
    public SslStreamCertificateContext Client(string certificateFile, string privateKeyFile, string? passPhrase = null) =>
        Client(certificateFile, () => WithKey(certificateFile, privateKeyFile, passPhrase));

    /// <summary>A client's own certificate with a key that is elsewhere, and the intermediate certificates that follow it in its file.</summary>
    /// <param name="certificateFile">PEM.</param>
    /// <param name="withKey">Puts the key to the certificate.</param>
    public SslStreamCertificateContext Client(string certificateFile, Func<X509Certificate2, X509Certificate2> withKey)
    {
        using X509Certificate2 own = Read(certificateFile)[0];
        return Client(certificateFile, () => withKey(own));
    }

    /// <summary>What a PKCS#12 file holds: a client's own certificate with its key, and intermediate certificates.</summary>
    public SslStreamCertificateContext ClientPfx(string file, string? passPhrase)
    {
        X509Certificate2Collection all;
        byte[] bytes = ReadBytes(file);
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(bytes, passPhrase);
        }
        catch (CryptographicException e)
        {
            throw error($"{file} is no PKCS#12 file, or its pass phrase is {(passPhrase is null ? "not given" : "another one")}: {e.Message}", e);
        }

        X509Certificate2 own = all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw error($"{file} holds no certificate with its private key.", null);
        all.Remove(own);
        return SslStreamCertificateContext.Create(own, all, offline: true);
    }

    /// <summary>Trusts the roots of one file, and no others.</summary>
    public X509ChainPolicy Trust(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Read(caFile));
        return policy;
    }

    // Whether an EC key spells its curve out instead of naming it, which TLS does not take (RFC 8446, 4.2.7; RFC 5480, 2.1.1).
    private static bool SpellsItsCurveOut(string pem)
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields) || !pem.AsSpan(fields.Label).EndsWith("PRIVATE KEY"))
        {
            return false;
        }

        try
        {
            var reader = new AsnReader(Convert.FromBase64String(pem[fields.Base64Data]), AsnEncodingRules.BER);
            AsnReader key = reader.ReadSequence();
            key.ReadEncodedValue();
            if (key.PeekTag() == Asn1Tag.Sequence)
            {
                // PKCS#8: the algorithm's parameters.
                AsnReader algorithm = key.ReadSequence();
                algorithm.ReadEncodedValue();
                return algorithm.HasData && algorithm.PeekTag() == Asn1Tag.Sequence;
            }

            // RFC 5915: [0] holds the parameters.
            key.ReadEncodedValue();
            var parameters = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
            return key.HasData && key.PeekTag() == parameters && key.ReadSequence(parameters).PeekTag() == Asn1Tag.Sequence;
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            return false;
        }
    }

    private SslStreamCertificateContext Client(string certificateFile, Func<X509Certificate2> own)
    {
        X509Certificate2Collection chain = Read(certificateFile);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(own(), chain, offline: true);
    }

    private X509Certificate2 WithKey(string certificateFile, string keyFile, string? passPhrase)
    {
        string key = ReadText(keyFile);
        bool isEncrypted = key.Contains("ENCRYPTED", StringComparison.Ordinal);
        if (isEncrypted && !key.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw error($"The private key in {keyFile} is encrypted in OpenSSL's old way. Convert it: openssl pkcs8 -topk8 -in {keyFile} -out NEW.", null);
        }

        if (isEncrypted && passPhrase is null)
        {
            throw error($"The private key in {keyFile} is encrypted, and no pass phrase is given. Store it without one, readable by the agent alone, where none can be given.", null);
        }

        try
        {
            string certificatePem = ReadText(certificateFile);
            X509Certificate2 certificate = isEncrypted ? X509Certificate2.CreateFromEncryptedPem(certificatePem, key, passPhrase) : X509Certificate2.CreateFromPem(certificatePem, key);
            return OperatingSystem.IsWindows() ? Persisted(certificate) : certificate;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException && SpellsItsCurveOut(key))
        {
            throw error($"The private key in {keyFile} spells its curve out instead of naming it, which TLS does not take. Convert it: openssl ec -in {keyFile} -param_enc named_curve -out NEW.", e);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw error($"{keyFile} is not the private key of the certificate in {certificateFile}{(isEncrypted ? ", or the pass phrase is another one" : "")}: {e.Message}", e);
        }
    }

    // Windows' TLS does not take a key that lives in memory only.
    private static X509Certificate2 Persisted(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    private X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(ReadText(file));
        }
        catch (CryptographicException e)
        {
            throw error($"{file} holds no usable PEM certificate: {e.Message}", e);
        }

        return certificates.Count > 0 ? certificates : throw error($"{file} holds no PEM certificate (-----BEGIN CERTIFICATE-----).", null);
    }

    private string ReadText(string file) => Read(file, File.ReadAllText);

    private byte[] ReadBytes(string file) => Read(file, File.ReadAllBytes);

    private T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw error($"{file} cannot be read: {e.Message}", e);
        }
    }
}
