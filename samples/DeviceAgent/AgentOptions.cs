using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Logs;
using IotOps.Samples.CommandLine;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

/// <summary>What the configuration means for the library.</summary>
internal static class AgentOptions
{
    /// <summary>The shipper's options.</summary>
    public static LogShipperOptions Of(AgentConfig config, ILoggerFactory loggers) => new()
    {
        StateDirectory = config.StateDirectory,
        Region = Region(config),
        Credentials = Credentials(config, loggers),
        Files = config.Files,
        Journal = config.Journal,
        ThingName = config.Thing,
        RetentionDays = config.RetentionDays,
        GroupClass = config.GroupClass,
        GroupDeletionProtection = config.GroupDeletionProtection,
        GroupKmsKeyArn = config.GroupKmsKeyArn,
        GroupTags = config.GroupTags,
        Gzip = config.Gzip,
        FlushInterval = config.Flush,
        OldEvents = config.OldEvents,
        LoggerFactory = loggers,
    };

    /// <summary>The configuration's region, else the environment's or the profile's.</summary>
    /// <exception cref="UsageException">None has one.</exception>
    public static string Region(AgentConfig config)
    {
        try
        {
            return AwsRegion.Resolve(config.Region);
        }
        catch (InvalidOperationException)
        {
            throw new UsageException("no AWS region: set 'region' in the configuration or in the AWS profile, or AWS_REGION");
        }
    }

    /// <summary>The device's own keys, or null for the standard AWS credential chain.</summary>
    public static AWSCredentials? Credentials(AgentConfig config, ILoggerFactory loggers) => config.Keys is not { } keys
        ? null
        : new IotCredentialsProvider(new IotCredentialsProviderOptions
        {
            Endpoint = keys.Endpoint,
            RoleAlias = keys.RoleAlias,
            ThingName = config.Thing,
            CertificateFile = keys.Certificate,
            PrivateKeyFile = keys.Key,
            CaFile = keys.Ca,
            LoggerFactory = loggers,
        });
}
