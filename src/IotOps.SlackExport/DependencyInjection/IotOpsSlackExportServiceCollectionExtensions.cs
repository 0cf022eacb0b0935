using IotOps.SlackExport;
using IotOps.SlackExport.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Slack command that exports logs to a host.</summary>
public static class IotOpsSlackExportServiceCollectionExtensions
{
    /// <summary>
    /// Adds what answers the slash command. A web host maps it with
    /// <see cref="AspNetCore.Builder.IotOpsSlackExportEndpointRouteBuilderExtensions.MapSlackCommand"/>; on AWS Lambda
    /// <see cref="IotOpsSlackExportHostExtensions.RunSlackLambdaAsync"/> takes its place. When the host stops, work that continues behind answers gets 20 s;
    /// exports that run in the process are cancelled and continue when they are requested again.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Whose commands, which logs.</param>
    /// <exception cref="InvalidOperationException">It was added before: one host answers for one Slack app.</exception>
    public static IServiceCollection AddIotOpsSlackExport(this IServiceCollection services, SlackExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsSlackExport(_ => options);
    }

    /// <summary>The same, for options that need other services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once. The host's <see cref="ILoggerFactory"/> is filled in where they have none.</param>
    /// <exception cref="InvalidOperationException">It was added before: one host answers for one Slack app.</exception>
    public static IServiceCollection AddIotOpsSlackExport(this IServiceCollection services, Func<IServiceProvider, SlackExportOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        if (services.Any(service => service.ServiceType == typeof(SlackExportServer)))
        {
            throw new InvalidOperationException("AddIotOpsSlackExport was called twice; one host answers for one Slack app. Give several Environments instead.");
        }

        services.AddSingleton(provider =>
        {
            SlackExportOptions made = options(provider) ?? throw new InvalidOperationException("The function given to AddIotOpsSlackExport returned null instead of options.");
            return new SlackExportServer(made with { LoggerFactory = made.LoggerFactory ?? provider.GetService<ILoggerFactory>() });
        });
        services.AddSingleton<IHostedService, SlackExportHost>();
        return services;
    }
}
