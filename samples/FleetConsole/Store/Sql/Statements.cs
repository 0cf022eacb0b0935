using System.Data;
using System.Data.Common;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Statements with named parameters, over any database.</summary>
internal static class Statements
{
    /// <summary>Runs a statement.</summary>
    /// <returns>Rows that it changed.</returns>
    public static int Run(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using DbCommand command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement once a row; it is prepared once.</summary>
    public static void RunAll(DbConnection connection, string sql, IReadOnlyList<string> names, IEnumerable<long[]> rows)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in names)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = DbType.Int64;
            command.Parameters.Add(parameter);
        }

        foreach (long[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                command.Parameters[i].Value = row[i];
            }

            command.ExecuteNonQuery();
        }
    }

    /// <summary>Reads all rows, and counts them.</summary>
    public static List<T> Query<T>(this DbConnection connection, string sql, Func<DbDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using DbCommand command = Command(connection, sql, parameters);
        using DbDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        ReadMeter.Count(rows.Count);
        return rows;
    }

    /// <summary>Reads the first row; the default when there is none.</summary>
    public static T? One<T>(this DbConnection connection, string sql, Func<DbDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using DbCommand command = Command(connection, sql, parameters);
        using DbDataReader reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return default;
        }

        ReadMeter.Count(1);
        return row(reader);
    }

    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset Time(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private static DbCommand Command(DbConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
