export * from './session.ts'
export * from './typed-data.ts'
