// express-pouchdb behind Express, as its README has it: port, folder of the data, folder of npm's packages.
const [, , port, folder, packages] = process.argv
const load = name => require(require.resolve(name, { paths: [packages] }))
const PouchDB = load('pouchdb').defaults({ prefix: folder + '/' })
const app = load('express')()
const options = { configPath: folder + '/config.json', logPath: folder + '/log.txt' }
app.use('/', load('express-pouchdb')(PouchDB, options))
app.listen(Number(port), '127.0.0.1')
