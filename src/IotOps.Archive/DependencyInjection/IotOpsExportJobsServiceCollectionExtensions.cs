using IotOps.Archive;
using IotOps.Shared;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds exports that run in the host's process.</summary>
public static class IotOpsExportJobsServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="InProcessExportJobs"/>, also as <see cref="IExportJobs"/>, which exports with the <see cref="LogExporter"/> of
    /// <c>AddIotOpsArchive</c>. When the host stops, the running exports are cancelled and end in order; one with an id goes on when it is asked for again.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">How many at once; null for the defaults. Unless <see cref="InProcessExportJobsOptions.LoggerFactory"/> is set, an export that fails is logged through the host.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsExportJobs(this IServiceCollection services, InProcessExportJobsOptions? options = null) =>
        Add(services, key: null, _ => options ?? new InProcessExportJobsOptions());

    /// <summary>The same, for options that need other services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsExportJobs(this IServiceCollection services, Func<IServiceProvider, InProcessExportJobsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds jobs of a further exporter, the one that <c>AddIotOpsArchive</c> added with this key: <c>[FromKeyedServices(key)] IExportJobs</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The exporter's name.</param>
    /// <param name="options">How many at once; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsExportJobs(this IServiceCollection services, string key, InProcessExportJobsOptions? options = null) =>
        services.AddIotOpsExportJobs(key, _ => options ?? new InProcessExportJobsOptions());

    /// <summary>The same, for options that need other services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The exporter's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsExportJobs(this IServiceCollection services, string key, Func<IServiceProvider, InProcessExportJobsOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, InProcessExportJobsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsExportJobs), (provider, host) =>
        {
            InProcessExportJobsOptions made = options(provider).Made(nameof(AddIotOpsExportJobs));
            LogExporter exporter = Exporter(provider, key);
            return new InProcessExportJobs(
                (request, cancellationToken) => exporter.ExportAsync(request, progress: null, cancellationToken),
                made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddAs<IExportJobs, InProcessExportJobs>(services, key, nameof(AddIotOpsExportJobs));
        Registration.AddHost<InProcessExportJobs>(services, key, static _ => { }, static async (jobs, limit) =>
            await jobs.DisposeAsync().AsTask().WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));
        Health.Add<InProcessExportJobs>(services, key, "export-jobs", static service => service.Health);
        return services;
    }

    private static LogExporter Exporter(IServiceProvider provider, object? key) =>
        (key is null ? provider.GetService<LogExporter>() : provider.GetKeyedService<LogExporter>(key))
        ?? throw new InvalidOperationException(key is null
            ? "AddIotOpsExportJobs needs services.AddIotOpsArchive(options) beside it."
            : $"AddIotOpsExportJobs(\"{key}\", ...) needs services.AddIotOpsArchive(\"{key}\", options) beside it.");
}
